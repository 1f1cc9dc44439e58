#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0
#
# report.py FOLDER: tables and plots of what is in FOLDER/*.json, a JSON object a line,
# the file's name being that of the vehicle: tables as reStructuredText on stdout,
# plots as FOLDER/*.svg and *.png by gnuplot. Exit code 1, with lines that begin with !,
# if hb was wrong.

import json
import math
import pathlib
import subprocess
import sys

MS = 10**6
# of the plots, to be kept in Documentation as they are
LICENCE = "SPDX-License-Identifier: GPL-2.0"
# gnuplot's own colours begin again with the ninth detector
COLOURS = "set linetype 9 lc rgb '#8b4513'\nset linetype 10 lc rgb '#909090'\n"
NAMES = {"hb": "hb", "hb1": "hb at 1 ms", "bird": "BIRD BFD", "frr": "FRR bfdd",
         "kalived": "keepalived BFD", "vrrp": "keepalived VRRP", "corosync": "corosync, token 3 s",
         "corofast": "corosync, token 1 s", "serf": "serf", "tipc": "TIPC"}


def read(folder):
    """All figures, each with the vehicle it is of."""
    figures = []
    for path in sorted(folder.glob("*.json")):
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("{"):
                    figures.append({"vehicle": path.stem, **json.loads(line)})
    return figures


def merged(figures):
    """Of a detector that was measured beside several others: all together."""
    rungs, rest = {}, []
    for f in figures:
        if f.get("figure") != "ladder":
            rest.append(f)
            continue
        key = tuple(f[k] for k in ("vehicle", "rung", "detector", "asked_ms"))
        sum_of = rungs.setdefault(key, {**f, "false": 0, "seconds": 0, "told": [],
                                        "flood_packets": 0})
        for what in ("false", "seconds", "flood_packets"):
            sum_of[what] += f.get(what, 0)
        sum_of["told"].append(f["detection_ns"])
    return [*rungs.values(), *rest]


def of(figures, **wanted):
    return [f for f in figures if all(f.get(k) == v for k, v in wanted.items())]


def values(figures, key):
    """Different ones, in the order of their first appearance."""
    return list(dict.fromkeys(f[key] for f in figures))


def table(title, heads, rows):
    """A simple table of reStructuredText."""
    cells = [heads] + [[str(cell) for cell in row] for row in rows]
    widths = [max(len(row[i]) for row in cells) for i in range(len(heads))]
    rule = "  ".join("=" * width for width in widths)
    print(f"\n{title}\n{'-' * len(title)}\n\n{rule}")
    for i, row in enumerate(cells):
        print("  ".join(c.ljust(w) for c, w in zip(row, widths)).rstrip())
        if i == 0:
            print(rule)
    print(rule)


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def ms(ns):
    return f"{ns / MS:.2f}" if ns < 10 * MS else f"{ns / MS:.1f}"


def detection(figures, vehicle):
    """Time to report, over K times T."""
    rows = []
    mine = of(figures, vehicle=vehicle, figure="detection")
    for fault in values(mine, "fault"):
        for name in values(of(mine, fault=fault), "detector"):
            deaths = of(mine, fault=fault, detector=name)
            told = sorted(d["detection_ns"] for d in deaths if "detection_ns" in d)
            verdicts = sorted(d["verdict_ns"] for d in deaths if d.get("verdict_ns"))
            if not told:
                continue
            period = deaths[0]["period_ms"]
            rows.append((fault, NAMES[name], len(told), sum("untold" in d for d in deaths),
                         sum("false" in d for d in deaths),
                         f"{period:g}", ms(told[0]), ms(percentile(told, .5)),
                         ms(percentile(told, .99)), ms(told[-1]),
                         ms(percentile(verdicts, .5)) if verdicts else "",
                         f"{told[len(told) // 2] / MS / period:.3f}",
                         f"{told[-1] / MS / period:.2f}"))
    if rows:
        table(f"Detection time, {vehicle}: ms from the last beat on the wire to the "
              "report", ("fault", "detector", "deaths", "untold", "false", "K x T", "min",
                         "median", "p99", "max", "verdict, median", "median/KxT",
                         "max/KxT"), rows)


def ladder(figures, vehicle):
    """False deaths, and true ones, under load."""
    mine = of(figures, vehicle=vehicle, figure="ladder")
    for interval in sorted({f["interval_ms"] for f in of(mine, detector="hb")}):
        chosen = [f for f in mine if f["asked_ms"] == interval]
        names = values(chosen, "detector")
        for title, cell in (
                ("false deaths per minute, both nodes", per_minute),
                ("the longest time to report a true death, ms", longest)):
            rows = []
            for rung in values(chosen, "rung"):
                found = [of(chosen, rung=rung, detector=name) for name in names]
                rows.append([rung] + [cell(f[0]) if f else "" for f in found])
            if all(set(row[1:]) <= {"-", ""} for row in rows):
                continue
            table(f"Load ladder, {vehicle}, T = {interval:g} ms: {title}",
                  ["rung"] + [NAMES[name] for name in names], rows)
        longest_s = {name: max(f["seconds"] for f in of(chosen, detector=name))
                     for name in names}
        print("\nSeconds a rung: " + ", ".join(
            f"{NAMES[name]} {s:g}" for name, s in longest_s.items()))


def per_minute(f):
    return f"{f['false'] * 60 / f['seconds']:.3g}" if f["false"] else "0"


def longest(f):
    """Of one death in each run; - if none was measured, as it was not up before."""
    told = [ns for ns in f["told"] if ns is not None]
    return ms(max(told)) if told else "-"


def survival(figures, vehicle):
    """The shortest T at which, and at all longer ones tried, nobody was declared
    dead by mistake."""
    mine = of(figures, vehicle=vehicle, figure="ladder")
    tried = sorted({f["asked_ms"] for f in mine}, reverse=True)
    names = [name for name in values(mine, "detector")
             if len({f["interval_ms"] for f in of(mine, detector=name)}) > 1]
    rows = []
    for rung in values(mine, "rung"):
        row = [rung]
        for name in names:
            best = None
            for interval in tried:
                found = of(mine, rung=rung, detector=name, interval_ms=interval)
                if any(f["false"] for f in found):
                    break
                best = interval if found else best
            row.append("none" if best is None else f"{best:g}")
        rows.append(row)
    if rows and len(tried) > 1:
        table(f"Shortest T without a false death, {vehicle}, ms (tried: "
              f"{', '.join(f'{t:g}' for t in reversed(tried))})",
              ["rung"] + [NAMES[name] for name in names], rows)


def traffic(figures, vehicle):
    """Of one pair, both directions, idle."""
    mine = of(figures, vehicle=vehicle, figure="ladder", rung="idle", asked_ms=10)
    if mine:
        table(f"Traffic of one pair, idle, {vehicle}",
              ("detector", "T, ms", "packets/s", "bytes/s"),
              [(NAMES[f["detector"]], f"{f['interval_ms']:g}", f["packets_per_s"],
                f["bytes_per_s"]) for f in mine])


def columns(rows, heads):
    """Cells of these keys; what a row has not is -."""
    return [[row.get(key, "-") if row.get(key) is not None else "-" for key in heads]
            for row in rows]


def cost(figures, vehicle):
    """Instructions, by tests/bench/cost.py."""
    mine = [{**f, "name": NAMES.get(f["detector"], f["detector"])}
            for f in of(figures, vehicle=vehicle) if "per_beat" in f]
    if mine:
        table(f"Instructions, {vehicle}: a beat sent and received, a second of one pair, "
              "a death told", ("detector", "T, ms", "per beat", "beats/s",
                               "per second", "per death"),
              columns(mine, ("name", "interval_ms", "per_beat", "beats_per_s",
                             "per_second", "per_death")))


def scale(figures, vehicle):
    """Many peers, by tests/bench/scale.py."""
    mine = [{**f, "name": NAMES.get(f["detector"], f["detector"])}
            for f in of(figures, vehicle=vehicle) if "peers" in f or "deaths" in f]
    rows = [f for f in mine if "peers" in f]
    if rows:
        table(f"Scale, {vehicle}", (
            "detector", "peers", "T, ms", "instructions per beat", "CPU share",
            "CPUs needed", "longest gap, ms", "timer late, us", "kernel B/peer",
            "process B/peer", "add, s", "show, s", "remove, s"),
              columns(rows, ("name", "peers", "interval_ms", "instructions_per_beat",
                             "busy_share", "needs_cpus", "gap_max_ms", "timer_late_max_us",
                             "kernel_bytes_per_peer", "process_bytes_per_peer",
                             "add_s", "show_s", "remove_s")))
    rows = [f for f in mine if "deaths" in f]
    if rows:
        table(f"Simultaneous deaths, {vehicle}: ms after their deadlines until told to "
              "user space, and until hb's multicast", (
                  "detector", "deaths", "T, ms", "told", "first", "median", "last",
                  "multicast first", "median", "last"),
              columns(rows, ("name", "deaths", "interval_ms", "reported",
                             *(f"{what}_after_deadline_{which}_ms"
                               for what in ("told", "multicast")
                               for which in ("min", "median", "max")))))


class Plot:
    """One picture, by gnuplot, in both formats."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        self.data, self.lines = [], []

    def block(self, rows):
        """Data; returns how the script names it."""
        name = f"$d{len(self.data)}"
        text = "\n".join(" ".join(map(str, row)) for row in rows)
        self.data.append(f"{name} << EOD\n{text}\nEOD\n")
        return name

    def write(self, settings, plots):
        for terminal, ending in (("svg size 900,540 font 'sans,12'", "svg"),
                                 ("pngcairo size 900,540 font 'sans,10'", "png")):
            script = (f"set terminal {terminal}\n"
                      f"set output '{self.folder / self.name}.{ending}'\n" +
                      COLOURS + "".join(self.data) + settings +
                      "plot " + ", \\\n".join(plots) + "\n")
            subprocess.run(("gnuplot",), input=script.encode(), check=True)
        svg = self.folder / f"{self.name}.svg"
        head, _, rest = svg.read_text().partition("\n")
        svg.write_text(f"{head}\n<!-- {LICENCE} -->\n{rest}")


def plot_cdf(folder, figures, vehicle):
    """Of the detection time over K times T, the maximum marked."""
    mine = [f for f in of(figures, vehicle=vehicle, figure="detection", fault="stop")
            if "detection_ns" in f]
    if not mine:
        return
    plot, parts = Plot(folder, f"detection-{vehicle}"), []
    for colour, name in enumerate(values(mine, "detector"), 1):
        ratios = sorted(f["detection_ns"] / MS / f["period_ms"]
                        for f in of(mine, detector=name))
        rows = [(ratio, (i + 1) / len(ratios)) for i, ratio in enumerate(ratios)]
        data, last = plot.block(rows), plot.block(rows[-1:])
        parts += [f"{data} with steps lw 2 lc {colour} title '{NAMES[name]}'",
                  f"{last} with points pt 7 ps 1.2 lc {colour} notitle"]
    plot.write("set xlabel 'last beat on the wire to report, over K x T (log)'\n"
               "set logscale x\nset ylabel 'share of deaths'\nset key outside\n"
               "set grid\nset yrange [0:1.05]\n"
               "set title 'Detection time; dot: the maximum'\n", parts)


def plot_false(folder, figures, vehicle):
    mine = of(figures, vehicle=vehicle, figure="ladder", asked_ms=10)
    if not mine:
        return
    names, plot = values(mine, "detector"), Plot(folder, f"false-{vehicle}")
    rows = []
    for rung in values(mine, "rung"):
        cells = [of(mine, rung=rung, detector=name) for name in names]
        rows.append([f'"{rung}"'] + [found[0]["false"] * 60 / found[0]["seconds"]
                                     if found else 0 for found in cells])
    # there is no logarithm of nothing
    if not any(sum(row[1:]) for row in rows):
        return
    data = plot.block(rows)
    plot.write("set style data histograms\nset style fill solid\nset key outside\n"
               "set xtics rotate by -40\nset grid ytics\nset ylabel "
               "'false deaths per minute, both nodes (log)'\n"
               "set logscale y\nset yrange [1:]\n"
               f"set title 'False deaths at T = 10 ms (each at its own), {vehicle}'\n",
               [f"{data} using {i}:xtic(1) title '{NAMES[name]}'"
                for i, name in enumerate(names, 2)])


def plot_scale(folder, figures, vehicle):
    """CPU per beat against peers, a line for each detector and interval."""
    mine = [f for f in of(figures, vehicle=vehicle)
            if f.get("carried") and "instructions_per_beat" in f]
    if not mine:
        return
    plot, parts = Plot(folder, f"scale-{vehicle}"), []
    for colour, name in enumerate(values(mine, "detector"), 1):
        for dash, interval in enumerate(values(of(mine, detector=name), "interval_ms"), 1):
            data = plot.block((f["peers"], f["instructions_per_beat"]) for f in
                              of(mine, detector=name, interval_ms=interval))
            parts.append(f"{data} with linespoints lw 2 lc {colour} dt {dash} pt 7 "
                         f"title '{NAMES[name]}, {interval:g} ms'")
    plot.write("set logscale xy\nset xlabel 'peers'\nset ylabel 'instructions for a "
               "beat sent and received'\nset grid\nset key outside\n"
               f"set title 'Cost of a beat, {vehicle}'\n", parts)


def by_chance(f):
    """How many false deaths the loss of a rung explains, with 999 of 1,000: three beats
    in a row (K), of both nodes, by Poisson."""
    kind, _, percent = f["rung"].partition("-")
    if kind != "loss":
        return 0
    mean = 2 * f["seconds"] * 1000 / f["interval_ms"] * (float(percent) / 100) ** 3
    most, term = 0, math.exp(-mean)
    left = 1 - term
    while left > 0.001:
        most += 1
        term *= mean / most
        left -= term
    return most


def complaints(figures):
    for f in of(figures, figure="ladder"):
        if f["detector"] in ("hb", "hb1") and f["false"] > by_chance(f):
            yield (f"! {f['vehicle']}, {f['rung']}, {f['detector']} at "
                   f"{f['interval_ms']:g} ms: {f['false']} false deaths")
    for f in of(figures, figure="detection"):
        if "undead" in f:
            yield f"! {f['vehicle']}: {f['detector']}: beats came after {f['fault']}"
        elif f["detector"] == "hb" and "detection_ns" not in f:
            yield f"! {f['vehicle']}: hb: a death by {f['fault']} was not reported"
    for f in of(figures, figure="ladder"):
        if f["rung"] == "flood" and not f["flood_packets"]:
            yield f"! {f['vehicle']}: {f['detector']}: there was no flood"
    for f in of(figures, detector="hb"):
        if "error" in f:
            yield f"! {f['vehicle']}: hb: {f['error']}"
    in_real_time = values(figures, "vehicle") != ["icount"]
    if in_real_time and not of(figures, figure="detection", detector="hb"):
        yield "! no death of hb's was measured"
    if not in_real_time and not any(f.get("carried") for f in of(figures, detector="hb")):
        yield "! no load was carried by hb"


def main():
    folder = pathlib.Path(sys.argv[1])
    figures = merged(read(folder))
    for vehicle in values(figures, "vehicle"):
        detection(figures, vehicle)
        traffic(figures, vehicle)
        ladder(figures, vehicle)
        survival(figures, vehicle)
        cost(figures, vehicle)
        scale(figures, vehicle)
        plot_cdf(folder, figures, vehicle)
        plot_false(folder, figures, vehicle)
        plot_scale(folder, figures, vehicle)
    wrong = list(complaints(figures))
    print("\n".join(["", *wrong]))
    return 1 if wrong or not figures else 0


sys.exit(main())
