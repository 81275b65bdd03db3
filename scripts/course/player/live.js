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
