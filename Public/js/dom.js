// @ts-check
// Elements made by hand: text is always a text node, never markup.

/**
 * @typedef {Node|string|null|false|undefined} Child
 * @typedef {Record<string, string|number|boolean|null|undefined|((event: any) => void)>} Props
 */

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an element. `class` and all other names are attributes; `on…` with a function listens; `true` sets an empty attribute,
 * `false`, `null` and `undefined` none.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function h(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  assign(element, props);
  append(element, children);
  return element;
}

/**
 * Makes an SVG element.
 * @param {string} tag
 * @param {Props} [props]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function s(tag, props = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  assign(element, props);
  append(element, children);
  return element;
}

/**
 * @param {Element} element
 * @param {Props} props
 */
function assign(element, props) {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else set(element, name, value);
  }
}

/**
 * @param {Element} element
 * @param {Child[]} children
 */
function append(element, children) {
  for (const child of children) if (child || child === '') element.append(child);
}

/**
 * Sets or removes an attribute, and only when it changes.
 * @param {Element} element
 * @param {string} name
 * @param {string|number|boolean|null|undefined} value
 */
export function set(element, name, value) {
  if (value === false || value === null || value === undefined) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
    return;
  }
  const text = value === true ? '' : String(value);
  if (element.getAttribute(name) !== text) element.setAttribute(name, text);
}

/**
 * Sets text, and only when it changes, so that selections stay.
 * @param {Element} element
 * @param {string} text
 */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/**
 * Sets a CSS custom property through the object model, which a strict style policy allows.
 * @param {Element} element
 * @param {string} name
 * @param {string} value
 */
export function setVar(element, name, value) {
  const { style } = /** @type {HTMLElement} */ (element);
  if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
}

/**
 * The element with this id, which the page's HTML holds.
 * @template {HTMLElement} [Kind=HTMLElement]
 * @param {string} id
 * @returns {Kind}
 */
export function byID(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`The page has no element #${id}`);
  return /** @type {Kind} */ (element);
}

/**
 * Makes a parent's children follow a list, keeping the nodes of items that stay.
 * @template Item
 * @param {Element} parent
 * @param {readonly Item[]} items
 * @param {(item: Item) => string} key
 * @param {(item: Item) => Element} create
 * @param {(element: any, item: Item, index: number) => void} [update]
 */
export function reconcile(parent, items, key, create, update) {
  const names = new Set(items.map(key));
  /** @type {Map<string, Element>} */
  const held = new Map();
  for (const child of [...parent.children]) {
    const name = child.getAttribute('data-key') ?? '';
    if (names.has(name)) held.set(name, child);
    else child.remove();
  }
  let next = parent.firstElementChild;
  items.forEach((item, index) => {
    const name = key(item);
    const element = held.get(name) ?? create(item);
    if (element === next) {
      next = next.nextElementSibling;
    } else {
      element.setAttribute('data-key', name);
      parent.insertBefore(element, next);
    }
    update?.(element, item, index);
  });
}
