// The player of recorded runs: upgrades every element .player of a page. What it shows is described in
// scripts/course/trace/recording.schema.json. It asks for nothing over the network, but for the steps of a live recording.
(() => {
  "use strict";

  const FEW = 60; // sockets and lines of the bag that are shown at most
  const BEAT = 1600; // milliseconds for a step at speed 1
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

  class Player {
    constructor(element, data) {
      this.element = element;
      this.data = data;
      this.views = this.data.runs.map((run) => new View(run, this.data.runs.length === 1));
      this.asked = new Set();
      this.asking = null;
      this.timer = 0;
      this.step = 0;
      this.build();
      this.show(0);
    }

    get count() {
      return this.data.moments ? this.data.moments.length : this.data.runs[0].steps.length;
    }

    build() {
      const button = (label, sign, action) => make("button", { type: "button", "aria-label": label, title: label, onclick: action }, sign);
      this.playing = button("Play", "▶", () => this.toggle());
      this.range = make("input", { type: "range", min: 0, value: 0, "aria-label": "Time line", oninput: () => this.show(Number(this.range.value)) });
      this.counter = make("output", { class: "player-counter" });
      this.speed = make(
        "select",
        { "aria-label": "Speed" },
        ...["0.5", "1", "2", "4"].map((value) => make("option", { value, selected: value === "1" }, `${value}×`)),
      );
      this.predict = make("input", { type: "checkbox", onchange: () => this.asked.clear() });
      this.says = make("p", { class: "player-says", "aria-live": "polite", role: "status" });
      this.question = make("div", { class: "player-question", hidden: true, role: "group", "aria-label": "What happens next?" });
      this.mark = this.data.part === undefined ? null : button("Go to the first difference", "first difference", () => this.show(this.data.part));
      if (this.mark) this.mark.classList.add("player-part");
      const questions = (this.data.questions || []).length;
      this.bar = make(
        "div",
        { class: "player-bar" },
        button("Step back", "◀", () => this.go(-1)),
        this.playing,
        button("Step forward", "▶▏", () => this.go(1)),
        this.range,
        this.counter,
        this.speed,
        questions ? make("label", { class: "player-predict", title: "Asks you what happens next" }, this.predict, " Predict") : null,
        this.mark,
        this.element.requestFullscreen ? button("Full screen", "⤢", () => this.fullScreen()) : null,
      );
      const stage = make(
        "div",
        { class: `player-stage player-runs-${this.views.length}` },
        make("div", { class: "player-views" }, ...this.views.map((view) => view.element)),
        make("div", { class: "player-foot" }, this.question, this.says, this.bar),
      );
      this.element.append(stage);
      this.element.classList.add("player-on");
      this.element.tabIndex = 0;
      this.element.setAttribute("role", "group");
      this.element.setAttribute("aria-label", `Player: ${this.data.title}. Left and right arrow keys step, space plays.`);
      this.element.addEventListener("keydown", (event) => this.key(event));
    }

    fullScreen() {
      if (document.fullscreenElement) document.exitFullscreen();
      else this.element.requestFullscreen();
    }

    key(event) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const inner = event.target.closest("input, select, button, summary");
      if (this.asking && "123".includes(event.key)) {
        this.answer(Number(event.key) - 1);
      } else if (inner && inner !== this.element && (event.key === " " || inner.matches("input[type=range], select"))) {
        return;
      } else if (event.key === "ArrowRight") this.go(1);
      else if (event.key === "ArrowLeft") this.go(-1);
      else if (event.key === "Home") this.show(0);
      else if (event.key === "End") this.show(this.count - 1);
      else if (event.key === " ") this.toggle();
      else return;
      event.preventDefault();
    }

    /** One step, or the question that stands before it. */
    go(way) {
      const next = this.step + way;
      if (next < 0 || next >= this.count) return this.stop();
      if (way > 0 && this.predict.checked && !this.asking) {
        const question = (this.data.questions || []).find((each) => each.before === next && !this.asked.has(each));
        if (question) return this.ask(question);
      }
      if (this.asking && way > 0 && !this.asked.has(this.asking)) return undefined; // an answer first
      return this.show(next);
    }

    ask(question) {
      this.stop();
      this.asking = question;
      this.question.replaceChildren(
        make("p", { class: "player-ask", tabindex: "-1" }, question.ask),
        ...question.answers.map((answer, number) =>
          make("button", { type: "button", class: "player-answer", onclick: () => this.answer(number) }, `${number + 1}. ${answer.text}`),
        ),
        make("div", { class: "player-why", "aria-live": "polite" }),
      );
      this.question.hidden = false;
      this.question.querySelector(".player-ask").focus({ preventScroll: true });
    }

    answer(number) {
      const question = this.asking;
      const given = question.answers[number];
      const right = question.answers.find((answer) => answer.right);
      this.asked.add(question);
      this.question.querySelectorAll(".player-answer").forEach((button, at) => {
        button.disabled = true;
        button.classList.toggle("right", question.answers[at].right);
        button.classList.toggle("wrong", at === number && !given.right);
      });
      const go = make("button", { type: "button", class: "player-continue", onclick: () => this.go(1) }, "Continue");
      this.question
        .querySelector(".player-why")
        .replaceChildren(
          make("p", {}, make("b", {}, given.right ? "Right. " : "Not quite. "), given.why),
          given.right ? "" : make("p", {}, make("b", {}, `${right.text}: `), right.why),
          go,
        );
      go.focus({ preventScroll: true });
    }

    toggle() {
      if (this.timer) return this.stop();
      if (this.step === this.count - 1) this.show(0);
      this.playing.textContent = "❚❚";
      this.playing.setAttribute("aria-label", "Pause");
      const beat = () => {
        this.timer = setTimeout(() => {
          this.go(1);
          if (this.timer) beat();
        }, BEAT / Number(this.speed.value));
      };
      beat();
      return undefined;
    }

    stop() {
      clearTimeout(this.timer);
      this.timer = 0;
      this.playing.textContent = "▶";
      this.playing.setAttribute("aria-label", "Play");
    }

    show(step) {
      this.step = Math.max(0, Math.min(step, this.count - 1));
      this.asking = null;
      this.question.hidden = true;
      this.element.dataset.steps = this.count;
      this.element.dataset.step = this.step;
      this.range.max = this.count - 1;
      this.range.value = this.step;
      this.counter.textContent = `${this.step + 1} / ${this.count}`;
      if (!this.count) return;
      const pair = this.data.moments ? this.data.moments[this.step] : [this.step];
      this.views.forEach((view, number) => view.show(pair[number]));
      const before = this.data.moments && this.step ? this.data.moments[this.step - 1] : [-1, -1];
      const told = this.views
        .filter((view, number) => pair[number] !== before[number])
        .map((view) => (this.views.length > 1 ? `${view.run.label}: ` : "") + view.run.steps[view.shown].says);
      const parts = this.data.part === this.step ? "Here the two programs begin to differ. " : "";
      this.says.textContent = parts + [...new Set(told)].join(" — ");
      this.range.setAttribute("aria-valuetext", this.says.textContent);
      if (this.step === this.count - 1) this.stop();
    }
  }

  /** A recording that grows: steps come from ./learn watch, and the newest is shown until the reader looks at another. */
  class Live extends Player {
    build() {
      super.build();
      this.following = true;
      this.news = make("span", { class: "player-live", role: "status" }, "live");
      const save = make("button", { type: "button", onclick: () => this.save() }, "Save");
      save.title = "Save the recording as one HTML file";
      this.bar.append(this.news, save);
      this.words(true);
      const token = new URLSearchParams(location.search).get("token") || "";
      const stream = new EventSource(`steps?token=${encodeURIComponent(token)}&from=${this.count}`);
      stream.addEventListener("steps", (event) => this.more(JSON.parse(event.data)));
      stream.addEventListener("ended", (event) => {
        stream.close();
        this.end(`ended: ${JSON.parse(event.data).detail}`);
      });
      stream.onerror = () => {
        stream.close();
        this.end("the connection to ./learn watch was lost");
      };
    }

    end(why) {
      this.news.textContent = why;
      this.news.classList.add("player-over");
      this.data.live = undefined;
      this.words(false);
      this.playing.textContent = "▶";
      this.playing.setAttribute("aria-label", "Play");
    }

    /** The button that plays a finished recording pauses and follows one that grows. */
    words(following) {
      this.following = following;
      if (!this.data.live) return;
      this.playing.textContent = following ? "❚❚" : "▶ follow";
      this.playing.setAttribute("aria-label", following ? "Pause" : "Follow the program");
    }

    more(news) {
      const run = this.data.runs[0];
      const fresh = news.steps.slice(Math.max(0, run.steps.length - news.from));
      run.steps.push(...fresh);
      Object.assign(run.sources, news.sources || {});
      for (const name of news.terminals || []) this.views[0].screen(name);
      if (news.program) run.program = news.program;
      if (this.following || this.count === fresh.length) this.latest();
      else this.show(this.step);
    }

    stop() {
      super.stop();
      this.words(this.following);
    }

    latest() {
      super.show(this.count - 1);
    }

    go(way) {
      this.words(false);
      return super.go(way);
    }

    show(step) {
      if (this.data.live && step !== this.step && this.count) this.words(false);
      super.show(step);
    }

    toggle() {
      if (!this.data.live) return super.toggle();
      this.words(!this.following);
      if (this.following) this.latest();
      return undefined;
    }

    save() {
      const data = { ...this.data, live: undefined };
      const json = JSON.stringify(data).replace(/</g, "\\u003c");
      const [head, tail] = asServed.split(MARK);
      const file = new Blob([head + json + tail.slice(tail.indexOf("</script>"))], { type: "text/html" });
      const link = make("a", { href: URL.createObjectURL(file), download: `${this.data.runs[0].program || "recording"}.html` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }
  }

  const MARK = '<script type="application/json">';
  const asServed = document.querySelector(".player-page") ? `<!doctype html>\n${document.documentElement.outerHTML}` : "";
  for (const element of document.querySelectorAll(".player")) {
    const data = JSON.parse(element.querySelector("script[type='application/json']").textContent);
    new (data.live ? Live : Player)(element, data);
  }
})();
