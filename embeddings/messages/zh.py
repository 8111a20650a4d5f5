"""What is told in Chinese."""

TEXTS = {
    "error": "错误：{error}",
}
