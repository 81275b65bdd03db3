// The player of recorded runs. What it shows is described in scripts/course/trace/recording.schema.json. It asks for nothing
// over the network, but for the steps of a live recording.

const EVERY = 400; // steps between two copies of a machine, from which it is rebuilt when one goes back

/** Makes an element: make("p", {class: "x", hidden: true}, child, "text", …). */
function make(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const bytes = (count) => (count === 1 ? "1 byte" : `${count.toLocaleString("en")} bytes`);

/** The state of one program at each step, put together from what changes. */
class Machine {
  constructor(run) {
    this.run = run;
    this.copies = [];
    this.reset(-1, new Map());
  }

  reset(at, values) {
    this.at = at;
    this.values = values;
  }

  go(step) {
    if (step < this.at) {
      const number = Math.min(Math.floor(step / EVERY), this.copies.length) - 1;
      if (number >= 0) this.reset((number + 1) * EVERY - 1, new Map(this.copies[number]));
      else this.reset(-1, new Map());
    }
    while (this.at < step) {
      this.at += 1;
      for (const [key, value] of Object.entries(this.run.steps[this.at].set)) {
        if (value === null) this.values.delete(key);
        else this.values.set(key, value);
      }
      const copy = (this.at + 1) / EVERY;
      if (Number.isInteger(copy) && copy === this.copies.length + 1) this.copies.push(new Map(this.values));
    }
    return this.values;
  }

  /** The descriptors of a kind (socket, bag, other), lowest first. */
  all(kind) {
    return [...this.values]
      .filter(([key]) => key.startsWith(`${kind}/`))
      .map(([key, value]) => ({ fd: Number(key.split("/")[1]), ...value }))
      .sort((one, other) => one.fd - other.fd);
  }
}
