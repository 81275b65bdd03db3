const FEW = 60; // sockets and lines of the bag that are shown at most

/** The source, the machine and the terminals of one run. */
class View {
  constructor(run, alone) {
    this.run = run;
    this.machine = new Machine(run);
    this.lines = new Map(); // by file
    this.file = "";
    this.name = make("header", { class: "player-title" });
    this.code = make("pre", { class: "player-code", tabindex: "0", "aria-label": "Source" });
    this.source = make("section", { class: "player-source", "aria-label": "Source" }, this.name, this.code);
    this.state = make("div", { class: "player-state" });
    this.scene = make("div", { class: "player-scene" });
    this.machinery = make("section", { class: "player-machine", "aria-label": "Machine" }, this.state, this.scene);
    this.screens = new Map();
    this.terminals = make("section", { class: "player-terminals", "aria-label": "Terminals" });
    this.says = alone ? null : make("p", { class: "player-run-says" });
    this.element = make(
      "div",
      { class: "player-run" },
      alone ? null : make("h4", { class: "player-label" }, run.label, " ", make("code", {}, run.program)),
      make("div", { class: "player-panes" }, this.source, this.machinery, this.terminals),
      this.says,
    );
    this.shown = -1;
    run.terminals.forEach((name) => this.screen(name));
  }

  screen(name) {
    if (!this.screens.has(name)) {
      const text = make("pre", { class: "player-screen", tabindex: "0", "aria-label": `Terminal of ${name}` });
      this.screens.set(name, text);
      this.terminals.append(make("div", { class: "player-terminal" }, make("header", { class: "player-title" }, name), text));
    }
    return this.screens.get(name);
  }

  show(step, narrowFirst) {
    const values = this.machine.go(step);
    this.showSource(step);
    this.showState(values.get("program") || { state: "running" });
    this.changed = step === this.shown + 1 || this.shown < 0 ? this.run.steps[step].set : {};
    this.scene.replaceChildren(...this.batch(values), ...this.bag(values), ...this.sockets());
    this.showTerminals(step);
    if (this.says) this.says.textContent = this.run.steps[step].says;
    this.shown = step;
  }

  place(step) {
    for (let at = step; at >= 0; at -= 1) if (this.run.steps[at].place) return this.run.steps[at].place;
    return null;
  }

  showSource(step) {
    const place = this.place(step);
    const text = place ? this.run.sources[place.file] : "";
    this.source.hidden = !Object.values(this.run.sources).some((each) => each);
    if (!text) {
      this.code.querySelector(".current-line")?.classList.remove("current-line");
      return;
    }
    if (place.file !== this.file) {
      this.file = place.file;
      this.name.textContent = place.file;
      const lines = text.replace(/\n$/, "").split("\n");
      this.lines = lines.map((line) => make("span", { class: "player-line" }, line));
      this.code.replaceChildren(...this.lines);
    }
    const line = this.lines[place.line - 1];
    this.code.querySelector(".current-line")?.classList.remove("current-line");
    if (!line) return;
    line.classList.add("current-line");
    const top = line.offsetTop - this.code.clientHeight / 2 + line.offsetHeight / 2;
    this.code.scrollTop = Math.max(0, top); // the pane scrolls, the page does not
  }

  showState(program) {
    const words = { running: "running", asleep: "asleep in ", ended: "ended: " }[program.state];
    const what = { running: "", asleep: program.call || "the kernel", ended: program.detail || "" }[program.state];
    const stopped = program.state === "asleep" && program.call === "stopped";
    this.state.dataset.state = stopped ? "stopped" : program.state;
    this.state.replaceChildren(make("b", {}, this.run.program), " ", stopped ? "stopped" : words, stopped ? "" : make("b", {}, what));
  }

  bag(values) {
    const bag = values.get("bag");
    if (!bag) return [];
    const all = this.machine.all("bag").sort((one, other) => (other.ready.length > 0) - (one.ready.length > 0));
    const rows = all.slice(0, FEW).map((each) =>
      make(
        "li",
        { class: each.ready.length ? "ready" : "" },
        make("span", { class: "player-name" }, each.name),
        ...each.for.map((way) =>
          make(
            "span",
            { class: `player-way ${each.ready.includes(way) ? "ready" : ""}` },
            way,
            each.ready.includes(way) ? make("span", { class: "player-tick" }, " ready") : null,
          ),
        ),
      ),
    );
    if (all.length > FEW) rows.push(make("li", { class: "player-more" }, `and ${all.length - FEW} more`));
    if (!all.length) rows.push(make("li", { class: "player-more" }, "empty"));
    return [make("h5", {}, `The bag (${bag.kind})`), make("ul", { class: "player-bag" }, ...rows)];
  }

  batch(values) {
    const batch = values.get("batch");
    if (!batch || !batch.length) return [];
    const rows = batch.map((each) =>
      make("li", { class: `player-${each.state.replace(" ", "-")}` }, `${each.name} `, make("span", { class: "player-when" }, each.state)),
    );
    return [make("h5", {}, "The batch that the last wait returned"), make("ol", { class: "player-batch" }, ...rows)];
  }

  sockets() {
    const weight = (each) => (each.receive?.bytes || 0) + (each.send?.bytes || 0) + (each.kind === "listening" ? 1e12 : 0);
    let all = this.machine.all("socket");
    const more = all.length - FEW;
    if (more > 0) all = all.sort((one, other) => weight(other) - weight(one)).slice(0, FEW);
    if (!all.length) return [];
    const boxes = all.map((each) => this.socket(each));
    if (more > 0) boxes.push(make("div", { class: "player-more" }, `and ${more} more`));
    return [make("h5", {}, "Sockets"), ...boxes];
  }

  socket(each) {
    const changed = this.changed[`socket/${each.fd}`] ? "player-changed" : "";
    const box = make("div", { class: `player-socket ${changed}`, "data-kind": each.kind });
    const title = make("div", { class: "player-socket-title" }, make("b", {}, each.name), make("span", {}, ` fd ${each.fd}`));
    if (each.kind !== "connected" && each.kind !== "listening") title.append(make("i", {}, ` ${each.kind}`));
    if (each.reset) title.append(make("i", { class: "player-reset" }, " reset"));
    box.append(title);
    if (each.backlog) {
      const slots = each.backlog.waiting.map((name) => make("span", { class: "player-slot" }, name));
      box.append(
        make(
          "div",
          { class: "player-row" },
          make("span", {}, `backlog (room for ${each.backlog.limit}) `),
          make("span", { class: "player-slots" }, ...(slots.length ? slots : ["empty"])),
        ),
      );
    }
    if (each.receive) {
      const ended = each.ended || "";
      const there = each.there?.bytes ? `${bytes(each.there.bytes)} delivered, but not read yet by the other side` : "";
      const notes = [
        ended === "there" || ended === "both" ? "The other side has finished sending." : "",
        ended === "here" || ended === "both" ? "The program has finished sending." : "",
        there,
      ].filter((note) => note);
      box.append(
        make("div", { class: "player-buffers" }, this.buffer("receive", each.receive), this.buffer("send", each.send || { bytes: 0 })),
        ...notes.map((note) => make("div", { class: "player-note" }, note)),
      );
    }
    return box;
  }

  /** A buffer with what waits in it. */
  buffer(name, holds) {
    const fill = make("span", { class: "player-fill" });
    fill.style.width = holds.full ? "100%" : holds.bytes ? `${Math.min(96, 14 + 9 * Math.log2(1 + holds.bytes / 4))}%` : "0";
    const much = holds.full ? "full" : holds.bytes ? bytes(holds.bytes) : "empty";
    return make(
      "div",
      { class: `player-buffer ${holds.bytes || holds.full ? "player-holds" : ""}`, title: `${name} buffer: ${much}` },
      fill,
      make("span", { class: "player-text" }, `${name}: ${much}`, holds.text ? make("code", {}, ` ${holds.text}`) : null),
    );
  }

  showTerminals(step) {
    if (step === this.shown) return;
    if (step < this.shown || this.shown < 0) {
      for (const screen of this.screens.values()) screen.replaceChildren();
      this.shown = -1;
    }
    for (let at = this.shown + 1; at <= step; at += 1) {
      for (const each of this.run.steps[at].prints || []) {
        const screen = this.screen(each.terminal);
        screen.append(each.typed ? make("kbd", { title: "typed" }, each.text) : each.text);
      }
    }
    for (const screen of this.screens.values()) screen.scrollTop = screen.scrollHeight;
  }
}
