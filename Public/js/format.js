// @ts-check
// Numbers, times and ages as people read them.

const NUMBERS = new Intl.NumberFormat('en');
const WORDS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * 3204 → "3,204".
 * @param {number} value
 */
export function count(value) {
  return NUMBERS.format(value);
}

/**
 * "one version", "four versions", "12 versions".
 * @param {number} value
 * @param {string} one
 * @param {string} many
 */
export function counted(value, one, many) {
  return `${WORDS[value] ?? count(value)} ${value === 1 ? one : many}`;
}

/**
 * 13460 → "13.5 s"; from a minute on "2:05".
 * @param {number} milliseconds
 */
export function elapsed(milliseconds) {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 100) return `${seconds.toFixed(1)} s`;
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

/**
 * 14020 → "14 s", in whole seconds.
 * @param {number} milliseconds
 */
export function seconds(milliseconds) {
  const whole = Math.max(0, Math.floor(milliseconds / 1000));
  return whole < 100 ? `${whole} s` : `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')} min`;
}

/**
 * How long something has run, in its two largest units: "6 days 4 h", "4 h 12 min", "12 min", "48 s".
 * @param {number} whole  Seconds.
 */
export function span(whole) {
  const [days, hours, minutes] = [Math.floor(whole / 86_400), Math.floor(whole / 3600) % 24, Math.floor(whole / 60) % 60];
  if (days > 0) return `${count(days)} ${days === 1 ? 'day' : 'days'} ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  return minutes > 0 ? `${minutes} min` : `${whole} s`;
}

/**
 * The time of day of an RFC 3339 time: "16:05".
 * @param {string} time
 */
export function timeOfDay(time) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return '';
  return `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}`;
}

/**
 * The time of day with seconds, of a clock in milliseconds: "16:14:52".
 * @param {number} milliseconds
 */
export function clockTime(milliseconds) {
  const date = new Date(milliseconds);
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map((part) => String(part).padStart(2, '0')).join(':');
}

/**
 * How long ago: "now", "4 min", "3 h", "yesterday", "2 days".
 * @param {string} time  RFC 3339.
 * @param {number} now  Milliseconds.
 */
export function age(time, now) {
  const then = Date.parse(time);
  if (!Number.isFinite(then)) return '';
  const minutes = Math.floor((now - then) / 60_000);
  if (minutes < 1) return 'now';
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h`;
  const days = Math.floor(hours / 24);
  return days === 1 ? 'yesterday' : `${days} days`;
}
