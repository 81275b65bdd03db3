const BEAT = 1600; // milliseconds for a step at speed 1

/** The bar, the time line and the questions: everything that moves the views from step to step. */
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
