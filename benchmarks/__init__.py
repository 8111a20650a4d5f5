"""What is measured, and the questions it is measured on; never part of the tests."""
