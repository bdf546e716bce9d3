"use strict";
const D = JSON.parse(document.getElementById("data").textContent);
const $ = id => document.getElementById(id);
const DAY = 86400, WORDS = { g: "green", r: "red", b: "broken", a: "ahead", n: "not run", u: "not written yet" };
const steps = [], lessonOf = [], isCore = [];
D.lessons.forEach((lesson, i) => lesson.k.forEach(kata => kata.s.forEach((name, at) => { steps.push(name); lessonOf.push(i); isCore.push(!(kata.p || []).includes(at)); })));
// Cells, colors and order follow the core steps. The practice steps are counted separately.
const sizes = D.lessons.map((_, i) => lessonOf.filter((l, at) => l === i && isCore[at]).length);
const core = isCore.filter(Boolean).length, practice = steps.length - core;
const counts = (coreGreen, green, ofCore = core, ofPractice = practice) =>
  ofPractice ? `${coreGreen} of ${ofCore} core · ${green - coreGreen} of ${ofPractice} practice` : `${green} of ${ofCore} green`;

// Whatever a learner wrote becomes the text of a node. Nothing here parses HTML.
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes || {})) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "style") node.style.cssText = value;
    else if (value !== false && value != null) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter(child => child != null));
  return node;
}
const date = seconds => new Date(seconds * 1000).toISOString().slice(0, 10);
const time = seconds => `${new Date(seconds * 1000).toISOString().replace("T", " ").slice(0, 16)} UTC`;
const now = Math.min(D.made, D.asOf ?? D.made), days = seconds => Math.max(0, (now - seconds) / DAY);
const ago = seconds => seconds == null ? "" : days(seconds) < 1 ? "today" : `${Math.floor(days(seconds))} d`;
const many = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;

const all = D.learners.map((row, index) => {
  const states = [];
  for (const [, letter, number] of (row.s || "").matchAll(/([a-z])(\d+)/g)) for (let i = 0; i < +number; i++) states.push(letter);
  const green = D.lessons.map(() => 0), further = D.lessons.map(() => 0), sum = numbers => numbers.reduce((a, b) => a + b, 0);
  // A verdict of this machine replaces the claim. If judging ended without a verdict, nothing is known.
  const claimed = { core: states.filter((state, i) => state === "g" && isCore[i]).length, total: states.filter(state => state === "g").length };
  for (const [at, letter] of row.v?.d || []) states[at] = letter;
  steps.forEach((_, i) => { if (states[i] === "g") (isCore[i] ? green : further)[lessonOf[i]]++; });
  return { ...row, index, states, green, further, claimed, known: row.v ? !row.v.p : row.a != null, core: sum(green), total: sum(green) + sum(further), heap: [row.n, row.u, ...(row.g || [])].join("\n").toLowerCase(),
    flagged: !!(row.c || row.w), differs: !!(row.v && row.v.d && row.a != null) };
});

const state = { only: "", step: null, mistake: null, text: "", groups: {}, sort: "roster", up: true, at: -1 };
const stuckDays = () => +$("stuckdays").value || 0, quietDays = () => +$("quietdays").value || 0;
const kinds = {
  "": ["learners", () => true],
  stuck: ["stuck", l => l.f != null && l.t != null && days(l.t) >= stuckDays()],
  quiet: ["quiet", l => !(l.known && l.core === core) && l.l != null && days(l.l) >= quietDays()],
  done: [practice ? "core green" : "all green", l => l.known && core > 0 && l.core === core],
  none: ["no progress yet", l => l.a == null],
  problem: ["with a problem", l => !!l.p],
  cheats: ["cheating", l => !!l.x],
  flagged: ["changed the course", l => l.flagged],
  differs: ["with a different verdict", l => l.differs],
};
const mistakeKey = said => said[0];
let shown = all;

function apply() {
  const text = state.text.trim().toLowerCase(), fits = kinds[state.only][1];
  const groups = Object.entries(state.groups).filter(([, value]) => value !== "");
  shown = all.filter(l => fits(l) && (!text || l.heap.includes(text)) && groups.every(([g, value]) => l.g[g] === value)
    && (state.step == null || l.f === state.step)
    && (state.mistake == null || (l.d || []).some((d, i, a) => i % 2 && a[i - 1] === state.mistake[0] && mistakeKey(D.says[d]) === state.mistake[1])));
  const key = columns.find(c => c.id === state.sort);
  if (key) {
    const order = key.key, sign = state.up ? 1 : -1;
    shown = shown.slice().sort((a, b) => {
      const x = order(a), y = order(b);
      // Unknown values are last in both directions.
      if (x == null || y == null) return x == null ? (y == null ? 0 : 1) : -1;
      return (x < y ? -1 : x > y ? 1 : a.index - b.index) * sign;
    });
  }
  $("count").textContent = `${shown.length.toLocaleString("en")} of ${many(all.length, "learner")}`;
  const filter = state.step != null ? `in focus: ${steps[state.step]}` : state.mistake ? `diagnosis: ${state.mistake[1].split("\n")[0]}` : "";
  $("clear").hidden = !filter;
  $("clear").textContent = `✕ ${filter}`;
  state.at = -1;
  $("scroll").scrollTop = 0;
  tiles();
  render(true);
}

function tiles() {
  $("tiles").replaceChildren(...Object.entries(kinds).map(([key, [word, fits]]) => {
    const number = all.filter(fits).length;
    if (!number && key && key !== state.only && !["stuck", "quiet", "done"].includes(key)) return null;
    return el("button", { "aria-pressed": String(state.only === key), "data-only": key, onclick: () => { state.only = state.only === key ? "" : key; apply(); $("tiles").querySelector(`[data-only="${key}"]`)?.focus(); } },
      el("b", {}, number.toLocaleString("en")), word);
  }).filter(Boolean));
}

const columns = [
  { id: "name", title: "Name", class: "name", key: l => l.n.toLowerCase(), cell: l => el("td", { title: l.n }, l.n) },
  ...D.lessons.map((lesson, i) => ({ id: "l" + i, title: `${lesson.n} ${lesson.t}`, short: `${lesson.n}`, class: "lesson", key: l => !l.known ? null : l.green[i] + l.further[i] / 1000,
    cell: l => {
      if (!l.known) return el("td", { class: "heat dim" }, "–");
      const share = sizes[i] ? l.green[i] / sizes[i] : 0;
      const title = practice ? counts(l.green[i], l.green[i] + l.further[i], sizes[i], lessonOf.filter(at => at === i).length - sizes[i]) : null;
      return el("td", { class: "heat", title, style: `background-color: rgb(var(--heat) / ${(share * 0.92).toFixed(2)});${share > 0.62 ? "color: var(--on)" : ""}` }, `${l.green[i]}`, el("span", { class: "wide" }, `/${sizes[i]}`));
    } })),
  { id: "focus", title: "Step in focus", class: "focus wide", key: l => l.f ?? null, cell: l => el("td", { class: "wide", title: l.f != null ? steps[l.f] : "" }, l.f != null ? steps[l.f] : l.known && l.total === steps.length ? "all green" : l.known && l.core === core ? "core green" : "") },
  { id: "since", title: "Since", class: "since wide", key: l => l.t ?? null, cell: l => el("td", { class: "wide" + (kinds.stuck[1](l) ? " bad" : "") }, ago(l.t)) },
  { id: "seen", title: "Last push", class: "seen wide", key: l => l.l ?? null, cell: l => el("td", { class: "wide" + (kinds.quiet[1](l) ? " warn" : "") }, ago(l.l)) },
  { id: "marks", title: "Marks", class: "marks", key: l => -((l.x ? 8 : 0) + (l.p ? 4 : 0) + (l.flagged ? 2 : 0) + (l.differs ? 1 : 0)), cell: l => el("td", { class: "marks" }, ...marks(l)) },
];
function marks(l) {
  const mark = (word, style, title) => el("span", { class: "mark " + style, title }, word);
  return [l.x && mark("cheats", "bad", l.x.join(" ")), l.p && mark(l.m || "not read", "bad", l.p), (l.c || l.w) && mark("changed", "warn", (l.c || ["history rewritten"]).join(", ")), l.o && mark("mixed", "dim", l.o.join(", ")),
    l.v && (l.v.p ? mark("no verdict", "warn", l.v.p) : l.differs ? mark("differs", "bad", "the verdict here differs from the claim") : mark("✓", "good", "verified"))].filter(Boolean);
}
$("cols").append(...columns.map(c => el("col", { class: c.class })));
function heads() {
  $("heads").replaceChildren(...columns.map(c => el("th", { scope: "col", class: c.class.includes("wide") ? "wide" : null, "aria-sort": state.sort === c.id ? (state.up ? "ascending" : "descending") : "none" },
    el("button", { title: `Sort by ${c.title}`, "aria-label": c.short ? c.title : null, "data-sort": c.id, onclick: () => {
      if (state.sort !== c.id) { state.sort = c.id; state.up = true; } else if (state.up) state.up = false; else { state.sort = "roster"; state.up = true; }
      heads(); apply(); $("heads").querySelector(`[data-sort="${c.id}"]`).focus();
    } }, c.short || c.title, state.sort === c.id ? (state.up ? " ▲" : " ▼") : ""))));
}

// A class may have ten thousand rows. Only the visible rows are made, and two empty rows replace the others.
// Their height is that of the style sheet, because marks take two lines on a narrow screen.
let drawn = [-1, -1], ROW;
function measure() { ROW = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--row")); }
function render(force) {
  const box = $("scroll"), first = Math.max(0, Math.floor(box.scrollTop / ROW) - 10), last = Math.min(shown.length, first + Math.ceil(innerHeight / ROW) + 20);
  if (!force && drawn[0] === first && drawn[1] === last) return;
  const focused = document.activeElement?.dataset?.at;
  drawn = [first, last];
  const pad = height => el("tr", { class: "pad", "aria-hidden": "true" }, el("td", { style: `height:${height}px` }));
  const rows = [];
  for (let i = first; i < last; i++) {
    const l = shown[i];
    rows.push(el("tr", { class: "row", tabindex: i === Math.max(state.at, 0) ? 0 : -1, "data-at": i, "aria-rowindex": i + 2, "aria-label": `${l.n}, ${l.known ? counts(l.core, l.total) : "unknown"}` }, ...columns.map(c => c.cell(l))));
  }
  $("body").replaceChildren(pad(first * ROW), ...rows, pad((shown.length - last) * ROW));
  $("table").setAttribute("aria-rowcount", shown.length + 1);
  if (focused != null && state.at >= 0) $("body").querySelector(`[data-at="${state.at}"]`)?.focus({ preventScroll: true });
}
$("scroll").addEventListener("scroll", () => render(false), { passive: true });
addEventListener("resize", () => { measure(); render(true); });
$("body").addEventListener("click", event => { const row = event.target.closest("tr.row"); if (row) open(+row.dataset.at); });
function go(to) {
  state.at = Math.max(0, Math.min(shown.length - 1, to));
  const box = $("scroll"), top = state.at * ROW;
  if (top < box.scrollTop) box.scrollTop = top;
  else if (top + 2 * ROW > box.scrollTop + box.clientHeight - ROW) box.scrollTop = top + 3 * ROW - box.clientHeight;
  render(true);
  $("body").querySelector(`[data-at="${state.at}"]`)?.focus({ preventScroll: true });
}
$("body").addEventListener("keydown", event => {
  const at = +(event.target.closest("tr.row")?.dataset.at ?? -1), page = Math.floor($("scroll").clientHeight / ROW) - 2;
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 }[event.key];
  if (event.key === "Enter" || event.key === " ") { event.preventDefault(); state.at = at; open(at); }
  else if (to != null) { event.preventDefault(); go(to); }
});
addEventListener("keydown", event => {
  if (event.key === "/" && !/INPUT|SELECT/.test(event.target.tagName) && !$("dialog").open) { event.preventDefault(); $("search").focus(); }
  if (event.key === "ArrowDown" && event.target === $("search") && shown.length) { event.preventDefault(); go(0); }
});

function open(at) {
  const l = shown[at];
  state.at = at;
  const link = /^https?:\/\//.test(l.u) ? el("a", { href: l.u, rel: "noopener noreferrer", target: "_blank", style: "color: var(--accent)" }, l.u) : l.u;
  const facts = [el("p", { class: "dim" }, link, ...(l.g || []).map((value, i) => value ? ` · ${D.groups[i]}: ${value}` : ""))];
  const told = (ofCore, total) => practice ? counts(ofCore, total) : `${total} of ${steps.length} steps green`;
  if (l.p) facts.push(el("p", { class: "bad" }, "Problem: " + l.p));
  if (l.x) facts.push(el("p", { class: "bad" }, l.x.join(" ")));
  facts.push(el("p", {}, l.a == null ? "There is no report." : `${l.v ? "The learner's report claims " : ""}${told(l.claimed.core, l.claimed.total)} on ${date(l.a)}.`));
  if (l.l != null) facts.push(el("p", { class: "dim" }, `Last push ${date(l.l)}.`));
  if (l.c) facts.push(el("p", { class: "warn" }, "Differs from every published version: " + l.c.join(", ")));
  if (l.y != null) facts.push(el("p", { class: "dim" }, `Uses the course of ${date(l.y)}. The command dojo update brings the newer course.`));
  if (l.o) facts.push(el("p", { class: "dim" }, "From a different published version than the rest: " + l.o.join(", ")));
  if (l.w != null) facts.push(el("p", { class: "warn" }, `The history of its progress was rewritten (found on ${date(l.w)}). The earlier entries are kept here.`));
  if (!D.compared) facts.push(el("p", { class: "dim" }, "Not compared with the course, because this copy of the course is not in a git repository."));
  const differs = new Map(l.v && l.v.d || []);
  if (l.v) facts.push(el("p", { class: l.v.p ? "warn" : l.differs ? "bad" : "good" }, l.v.p ? "Not verified: " + l.v.p
    : `Verified here: ${told(l.v.k, l.v.n)}.` + (l.a == null ? "" : l.differs ? ` The verdict on ${many(differs.size, "step")} differs.` : " They agree.") + (l.differs && l.v.o ? " The claim and the verdict are about different commits." : "")));
  if (l.f != null) facts.push(el("p", {}, `In focus: ${steps[l.f]}` + (l.t != null ? `, since ${date(l.t)}.` : ".")));
  const unwritten = l.states.filter(state => state === "u").length;
  let number = 0;
  const map = D.lessons.map((lesson, i) => [el("h3", {}, `${lesson.n} ${lesson.t} `, el("span", { class: "dim" }, !l.known && l.a == null ? "unknown" : (l.known ? "" : "claimed: ")
      + (practice ? counts(l.green[i], l.green[i] + l.further[i], sizes[i], lessonOf.filter(at => at === i).length - sizes[i]) : `${l.green[i]}/${sizes[i]}`))),
    ...lesson.k.map(kata => el("div", { class: "kata" }, el("span", {}, kata.t), el("div", {}, ...kata.s.map(name => {
      const at = number++, letter = l.states[at] || "n", other = differs.has(at);
      return el("span", { class: `step ${letter}${other && l.differs ? " differs" : ""}`, title: WORDS[letter] + (isCore[at] ? "" : ", practice") + (other && l.differs ? ", the claim differs" : "") }, (({ g: "✓ ", r: "✗ ", b: "✗ " })[letter] || "") + name + (other && letter !== "g" ? ", claimed green" : ""));
    }))))]).flat();
  const red = [];
  for (let i = 0; i < (l.d || []).length; i += 2) if (l.states[l.d[i]] !== "g") red.push(el("p", {}, el("b", {}, steps[l.d[i]]), " ", D.says[l.d[i + 1]][1]));
  $("dialog").replaceChildren(
    el("div", { class: "top" }, el("h2", { id: "d-name" }, l.n), el("button", { "aria-label": "Previous learner", disabled: at === 0, onclick: () => open(at - 1) }, "←"),
      el("button", { "aria-label": "Next learner", disabled: at === shown.length - 1, onclick: () => open(at + 1) }, "→"), el("button", { autofocus: true, onclick: () => $("dialog").close() }, "Close")),
    ...facts, ...(unwritten ? [el("p", { class: "dim" }, `${many(unwritten, "step")} ${unwritten === 1 ? "is" : "are"} not written yet.`)] : []), ...(red.length ? [el("h3", {}, "Red now"), ...red] : []), ...map, ...(l.h ? [el("h3", {}, "Green steps by push"), line(l.h), pushes(l.h)] : []));
  if (!$("dialog").open) $("dialog").showModal();
  $("dialog").scrollTop = 0;
}
$("dialog").addEventListener("close", () => go(state.at));
function line(history) {
  const ns = "http://www.w3.org/2000/svg", svg = document.createElementNS(ns, "svg");
  const start = history[0][0], span = Math.max(1, history[history.length - 1][0] - start), top = Math.max(1, steps.length);
  const make = (tag, attributes, text) => { const node = document.createElementNS(ns, tag); Object.entries(attributes).forEach(([k, v]) => node.setAttribute(k, v)); if (text) node.textContent = text; svg.append(node); };
  svg.setAttribute("viewBox", "0 0 800 120"); svg.setAttribute("preserveAspectRatio", "none"); svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `From ${history[0][1]} green steps on ${date(start)} to ${history[history.length - 1][1]} on ${date(start + span)}`);
  const points = history.map(([at, green]) => [(at - start) / span * 780 + 10, 110 - Math.min(1, green / top) * 100]);
  make("path", { d: "M10 110H790", stroke: "var(--line)", fill: "none", "vector-effect": "non-scaling-stroke" });
  make("polyline", { points: points.map(p => p.join(",")).join(" "), fill: "none", stroke: "var(--accent)", "stroke-width": 2, "vector-effect": "non-scaling-stroke" });
  return svg;
}
function pushes(history) {
  return el("p", { class: "dim" }, history.slice(-12).reverse().map(([at, green, focus]) => `${date(at)}: ${green} green` + (focus >= 0 ? `, at ${steps[focus]}` : "")).join(" · "));
}

function panels() {
  const entry = (head, small, act) => el("li", {}, el("button", { onclick: act }, head, el("small", {}, small)));
  const fill = (id, entries, empty) => $(id).replaceChildren(...(entries.length ? entries : [el("li", { class: "dim" }, empty)]));
  const jump = change => () => { Object.assign(state, { only: "", step: null, mistake: null }, change); apply(); $("count").scrollIntoView({ block: "nearest" }); };
  const at = new Map();
  all.filter(kinds.stuck[1]).forEach(l => at.set(l.f, [...(at.get(l.f) || []), l]));
  fill("stuck", [...at].map(([step, learners]) => [step, learners.sort((a, b) => a.t - b.t)]).sort((a, b) => b[1].length - a[1].length || a[1][0].t - b[1][0].t).slice(0, 40)
    .map(([step, learners]) => entry(`${steps[step]}: ${many(learners.length, "learner")}`, learners.slice(0, 3).map(l => `${l.n} since ${date(l.t)}`).join(", ") + (learners.length > 3 ? ", …" : ""), jump({ only: "stuck", step }))),
    all.every(l => l.a == null) ? "There is no report yet." : `Nobody has been at one step for ${stuckDays()} days.`);
  fill("costly", D.costly.slice(0, 40).map(([step, learners, now, pushes, total, median]) => entry(`${steps[step]}: ${total.toLocaleString("en")} days`,
    `${many(learners, "learner")}, ${median} days each (median), ${many(pushes, "push").replace(/pushs$/, "pushes")}, ${now} there now`, jump({ step }))), "There is no history yet.");
  fill("diagnoses", D.diagnoses.slice(0, 40).map(([step, mistake, says, learners]) => entry(`${steps[step]}: ${many(learners, "learner")}`, says, jump({ mistake: [step, mistake] }))), "No mistake has been recognized.");
  const silent = all.filter(l => l.l == null), quiet = all.filter(kinds.quiet[1]).sort((a, b) => a.l - b.l);
  const unknown = silent.length ? [entry(`No push of ${many(silent.length, "learner")} is known`, silent.slice(0, 3).map(l => l.n).join(", ") + (silent.length > 3 ? ", …" : ""), jump({ only: "none" }))] : [];
  fill("quiet", [...unknown, ...quiet.slice(0, 40).map(l => entry(`${l.n}: ${ago(l.l)}`, (l.known ? counts(l.core, l.total) : "unknown") + (l.f != null ? `, at ${steps[l.f]}` : ""), () => { jump({ only: "quiet" })(); open(shown.indexOf(l)); }))], `Everyone has pushed within ${quietDays()} days.`);
  if (quiet.length > 40) $("quiet").append(entry(`… and ${(quiet.length - 40).toLocaleString("en")} more`, "", jump({ only: "quiet" })));
}

$("made").textContent = `${many(all.length, "learner")}, ${many(steps.length, "step")}. ${D.asOf == null ? "" : `The class before ${time(D.asOf)}. `}Made ${time(D.made)}.`;
const verified = all.filter(l => l.v && !l.v.p).length;
$("trust").textContent = !verified ? "These are the learners' own reports. None of them is verified." : verified === all.length ? "All numbers are verified on this machine."
  : `The numbers of ${many(verified, "learner")} are verified on this machine (marks ✓ and differs). Other numbers are the learners' own reports.`;
D.filters.forEach(i => {
  const heading = D.groups[i];
  const values = [...new Set(all.map(l => l.g?.[i] ?? ""))].filter(Boolean).sort();
  if (values.length > 1 && values.length <= 200) $("groups").append(el("select", { "aria-label": heading, onchange: event => { state.groups[i] = event.target.value; apply(); } }, el("option", { value: "" }, `${heading}: all`), ...values.map(value => el("option", { value }, value))), " ");
});
$("search").addEventListener("input", event => { state.text = event.target.value; apply(); });
for (const id of ["stuckdays", "quietdays"]) $(id).addEventListener("input", () => { panels(); apply(); });
$("clear").addEventListener("click", () => { state.step = state.mistake = null; apply(); });
measure(); heads(); panels(); apply();
