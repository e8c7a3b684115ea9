// The machines of the whole group: what each is, how old, how long its lease lasts, what it costs,
// and which job has it.

import { get } from "./api.js";
import { every, now } from "./beat.js";
import { el, keyed, setAttribute, setText, show } from "./dom.js";
import { badge } from "./glyphs.js";
import { absent } from "./needs.js";
import { duration, many, money, moment, parse, plain } from "./text.js";

const REFRESH_MS = 5_000;
const SHORT_LEASE_MS = 5 * 60_000;

const order = {
  machine: (machine) => machine.id,
  age: (machine) => parse(machine.launchedAt),
  lease: (machine) => parse(machine.leaseUntil) || Infinity,
  price: (machine) => -(machine.usdPerHour ?? 0),
  cost: (machine) => -(machine.costUsd ?? 0),
  job: (machine) => machine.job ?? "\uffff",
};

const COLUMNS = [
  ["state", "State"], ["machine", "Machine"], ["type", "Type"], ["age", "Age"], ["lease", "Lease left"],
  ["price", "An hour"], ["cost", "So far"], ["job", "Job"], ["place", "Worker"],
];

export function machinesView() {
  const title = el("h1", {}, "Machines");
  const rate = el("p", { class: "rate" });
  const problem = el("p", { class: "problem", role: "alert", hidden: true });
  const body = el("tbody", { role: "rowgroup" });
  const heads = new Map(COLUMNS.map(([key, name]) => [key, el("th", { scope: "col", role: "columnheader", class: `c-${key}` },
    order[key] ? el("button", { type: "button", click: () => sort(key) }, name) : name)]));
  const table = el("table", { class: "machines", role: "table", "aria-label": "Machines" },
    el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, ...heads.values())), body);
  const empty = el("div", { class: "empty", hidden: true }, el("p", { class: "large" }, "No machines."), el("p", {}, "Nothing runs, and nothing is paid for."));
  const made = new Map();
  const rows = keyed(body, (id) => {
    const view = machineRow();
    made.set(id, view);
    return view.node;
  });
  let machines = [];
  let by = "age";

  async function read() {
    try {
      const { machines: all, missing = [] } = await get("machines");
      machines = all;
      setText(problem, missing.length ? absent(missing) : "");
      show(problem, missing.length > 0);
      draw();
    } catch (failure) {
      setText(problem, failure.message);
      show(problem, true);
    }
  }

  function sort(key) {
    by = key;
    draw();
  }

  function draw() {
    const key = order[by];
    const sorted = [...machines].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.id < b.id ? -1 : 1));
    rows.set(sorted.map((machine) => machine.id));
    for (const id of made.keys()) if (!rows.get(id)) made.delete(id);
    for (const machine of sorted) made.get(machine.id).set(machine);
    for (const [name, head] of heads) setAttribute(head, "aria-sort", name === by ? "ascending" : undefined);
    show(table, machines.length > 0);
    show(empty, machines.length === 0);
    const sum = (name) => machines.reduce((total, machine) => total + (machine[name] ?? 0), 0);
    const idle = machines.filter((machine) => !machine.job).length;
    setText(title, many(machines.length, "machine"));
    setText(rate, `${idle ? `${many(idle, "has", "have")} no job, ` : ""}${money(sum("usdPerHour"))} an hour, ${money(sum("costUsd"))} so far`);
  }

  return {
    node: el("div", { class: "machines-view" }, el("div", { class: "head" }, title, rate), problem, table, empty),
    start: () => every(REFRESH_MS, read),
  };
}

const cell = (name, ...children) => el("td", { role: "cell", class: `c-${name}` }, ...children);

function machineRow() {
  const state = badge();
  const id = el("bdi", { class: "id" });
  const address = el("bdi", { class: "quiet" });
  const type = el("bdi");
  const market = el("span", { class: "quiet" });
  const [age, lease, price, cost] = ["age", "lease", "price", "cost"].map((name) => cell(name));
  const job = el("a", { class: "id" });
  const member = el("bdi", { class: "quiet" });
  const place = cell("place");
  const node = el("tr", { role: "row" }, cell("state", state.node), cell("machine", id, " ", address), cell("type", type, " ", market), age, lease, price, cost, cell("job", job, " ", member), place);
  return {
    node,
    set(machine) {
      state.set(plain(machine.state, 30));
      setText(id, plain(machine.id, 60));
      setText(address, plain(machine.address ?? "", 60));
      setText(type, plain(machine.type ?? "", 40));
      setText(market, plain([machine.market, machine.zone].filter(Boolean).join(", "), 60));
      setText(age, duration((now() - parse(machine.launchedAt)) / 1000));
      setAttribute(age, "title", moment(parse(machine.launchedAt)));
      const left = parse(machine.leaseUntil) - now();
      setText(lease, Number.isNaN(left) ? "–" : left < 0 ? "over" : duration(left / 1000));
      lease.classList.toggle("short", left < SHORT_LEASE_MS);
      setText(price, machine.usdPerHour === undefined ? "?" : money(machine.usdPerHour));
      setText(cost, money(machine.costUsd));
      setText(job, machine.job === undefined ? "" : plain(machine.job, 200));
      setAttribute(job, "href", machine.job === undefined ? undefined : `#/jobs/${encodeURIComponent(machine.job)}`);
      setText(member, machine.job === undefined ? "no job" : machine.role === undefined ? "" : `${plain(machine.role, 60)}-${machine.index ?? 0}`);
      setText(place, plain(machine.worker ?? "", 80));
      setAttribute(place, "title", machine.shard === undefined ? undefined : `shard ${machine.shard}`);
    },
  };
}
