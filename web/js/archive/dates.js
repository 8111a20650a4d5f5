// Calendar arithmetic on ISO dates, which sort and compare as text; counted in UTC, which skips no hour.

/**
 * Gives the day so many days later.
 * @param {string} iso
 * @param {number} count
 * @returns {string}
 */
export function addDays(iso, count) {
  const day = new Date(`${iso}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + count);
  return day.toISOString().slice(0, 10);
}

/**
 * Gives the month so many months later, as 2024-03.
 * @param {string} month
 * @param {number} count
 * @returns {string}
 */
export function addMonths(month, count) {
  const day = new Date(`${month}-01T00:00:00Z`);
  day.setUTCMonth(day.getUTCMonth() + count);
  return day.toISOString().slice(0, 7);
}

/**
 * Gives the last day of a month.
 * @param {string} month such as 2024-02
 * @returns {string}
 */
export function lastDay(month) {
  return addDays(`${addMonths(month, 1)}-01`, -1);
}

/**
 * Tells how many days of its week lie before a day; weeks begin on Monday.
 * @param {string} iso
 * @returns {number}
 */
export function weekday(iso) {
  return (new Date(`${iso}T00:00:00Z`).getUTCDay() + 6) % 7;
}
