// Building and changing the document. Text goes in as text and never as markup; what has not
// changed is not touched.

const SVG = "http://www.w3.org/2000/svg";

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node.addEventListener(name, value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== undefined && value !== false) node.setAttribute(name, value);
  }
  node.append(...children.flat().filter((child) => child !== undefined && child !== ""));
  return node;
}

/** An element; functions among the attributes are listeners. */
export const el = (tag, attributes, ...children) =>
  fill(document.createElement(tag), attributes, children);

/** The same for a drawing. */
export const svg = (tag, attributes, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/** Sets a text, if it is another. */
export function setText(node, text) {
  if (node.firstChild?.nodeType === Node.TEXT_NODE && !node.firstChild.nextSibling) {
    if (node.firstChild.data !== text) node.firstChild.data = text;
  } else if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets an attribute, if it is another; undefined takes it away. */
export function setAttribute(node, name, value) {
  if (value === undefined) {
    if (node.hasAttribute(name)) node.removeAttribute(name);
  } else if (node.getAttribute(name) !== String(value)) {
    node.setAttribute(name, value);
  }
}

/** Shows or hides. */
export function show(node, isShown) {
  if (node.hidden === isShown) node.hidden = !isShown;
}

/**
 * Children that belong to keys: made once for each key, moved only when the order has changed,
 * dropped when their key is.
 */
export function keyed(parent, make) {
  const nodes = new Map();
  return {
    get: (key) => nodes.get(key),
    set(keys) {
      const wanted = new Set(keys);
      for (const [key, node] of nodes) {
        if (!wanted.has(key)) {
          node.remove();
          nodes.delete(key);
        }
      }
      let at = parent.firstElementChild;
      for (const key of keys) {
        let node = nodes.get(key);
        if (!node) nodes.set(key, (node = make(key)));
        if (node === at) at = at.nextElementSibling;
        else parent.insertBefore(node, at);
      }
    },
  };
}

/** Tells a screen reader, once. */
export function announce(text) {
  document.getElementById("announce").textContent = text;
}
