//! Two charts as plain SVG: bars beside their names, and lines over days. Whoever does not see them has a table of the same.

use leptos::{prelude::*, svg};

use crate::{
    browser,
    model::report::{parse_day, step},
    words::say,
};

/// A bar.
#[derive(Clone, Debug, Default)]
pub(crate) struct Bar {
    /// What it is of.
    pub(crate) name: String,
    /// How long it is…
    pub(crate) value: f64,
    /// …and how far its thin end goes, where it has one.
    pub(crate) end: Option<f64>,
    /// What is written beside it, column by column.
    pub(crate) shown: Vec<String>,
    /// The colour, a variable of the style: `var(--sms)`. It is an attribute of what is drawn: the page allows no style of an element's own.
    pub(crate) color: &'static str,
}

/// Bars as a table: the name, the bar, and what is written beside it. `heads` names the columns, the first one that of the
/// names.
pub(crate) fn bars(heads: &[String], bars: Vec<Bar>) -> AnyView {
    let longest = bars.iter().map(|bar| bar.end.unwrap_or(0.0).max(bar.value)).fold(0.0, f64::max);
    let share = move |value: f64| {
        let share = if longest > 0.0 { value * 100.0 / longest } else { 0.0 };
        // What is there at all is seen.
        format!("{:.1}%", if value > 0.0 { share.max(0.6) } else { 0.0 })
    };
    let rows = bars.into_iter().map(|bar| {
        let end = bar.end.map(|end| {
            svg::rect()
                .attr("class", "thin")
                .attr("fill", bar.color)
                .attr("width", share(end))
                .attr("y", "5")
                .attr("height", "4")
                .attr("rx", "2")
        });
        let whole = svg::rect()
            .attr("fill", bar.color)
            .attr("width", share(bar.value))
            .attr("height", "14")
            .attr("rx", "3");
        let shown = bar.shown.into_iter().map(|text| view! { <td class="number">{text}</td> }).collect_view();
        view! {
            <tr>
                <th scope="row" dir="auto">{bar.name}</th>
                <td class="bar">
                    <svg height="14" aria-hidden="true">{end}{whole}</svg>
                </td>
                {shown}
            </tr>
        }
    });
    let mut heads = heads.iter().cloned();
    let first = heads.next().unwrap_or_default();
    view! {
        <table class="bars">
            <thead><tr>
                <th scope="col">{first}</th><td></td>
                {heads.map(|head| view! { <th scope="col" class="number">{head}</th> }).collect_view()}
            </tr></thead>
            <tbody>{rows.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

/// A line over the days.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// What it is of.
    pub(crate) name: String,
    /// Its values, one for each day.
    pub(crate) values: Vec<u32>,
    /// The colour, a variable of the style.
    pub(crate) color: &'static str,
    /// How its strokes are broken, so that lines are told apart without their colours.
    pub(crate) dashes: &'static str,
}

/// The drawing's own units.
const WIDTH: f64 = 720.0;
const HEIGHT: f64 = 220.0;
const LEFT: f64 = 44.0;
const RIGHT: f64 = 12.0;
const TOP: f64 = 10.0;
const BOTTOM: f64 = 28.0;

/// Lines over `days` (`2026-11-26`), with a table of the same.
pub(crate) fn lines(title: &str, days: &[String], lines: &[Line]) -> AnyView {
    let greatest = lines.iter().flat_map(|line| &line.values).copied().max().unwrap_or(0);
    let step = step(greatest.max(1));
    let steps = greatest.max(1).div_ceil(step);
    let top = f64::from(steps * step);
    let y = move |value: f64| TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - value / top);
    let last = f64::from(u32::try_from(days.len().saturating_sub(1)).unwrap_or(0)).max(1.0);
    let x = move |place: usize| LEFT + (WIDTH - LEFT - RIGHT) * count(place) / last;
    let short = |day: &String| parse_day(day).map(browser::short_day).unwrap_or_default();
    let grid = (0..=steps).map(|number| {
        let value = number * step;
        let y = y(f64::from(value));
        view! {
            <line class="grid" x1=LEFT x2={WIDTH - RIGHT} y1=y y2=y></line>
            <text class="tick" x={LEFT - 8.0} y={y + 4.0} text-anchor="end">{browser::number(value)}</text>
        }
    });
    // Six days are named at most.
    let every = days.len().div_ceil(6).max(1);
    let names = days.iter().enumerate().step_by(every).map(|(place, day)| {
        view! { <text class="tick" x=x(place) y={HEIGHT - 8.0} text-anchor="middle">{short(day)}</text> }
    });
    let drawn = lines.iter().map(|line| {
        let points: Vec<String> = line
            .values
            .iter()
            .enumerate()
            .map(|(place, value)| format!("{:.1},{:.1}", x(place), y(f64::from(*value))))
            .collect();
        let dot = (points.len() == 1).then(|| {
            view! { <circle cx=x(0) cy=y(f64::from(line.values[0])) r="4" fill=line.color></circle> }
        });
        view! { <polyline class="curve" points=points.join(" ") stroke=line.color stroke-dasharray=line.dashes></polyline>{dot} }
    });
    let legend = lines.iter().map(|line| {
        view! {
            <li>
                <svg width="28" height="8" aria-hidden="true">
                    <line class="curve" x1="0" x2="28" y1="4" y2="4" stroke=line.color stroke-dasharray=line.dashes></line>
                </svg>
                {line.name.clone()}
            </li>
        }
    });
    let heads = lines.iter().map(|line| view! { <th scope="col" class="number">{line.name.clone()}</th> });
    let rows = days.iter().enumerate().map(|(place, day)| {
        let values = lines.iter().map(|line| {
            let value = line.values.get(place).copied().unwrap_or(0);
            view! { <td class="number">{browser::number(value)}</td> }
        });
        view! { <tr><th scope="row">{short(day)}</th>{values.collect_view()}</tr> }
    });
    view! {
        <figure class="lines">
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") role="img" aria-label=title.to_owned()>
                {grid.collect_view()}{names.collect_view()}{drawn.collect_view()}
            </svg>
            <figcaption><ul>{legend.collect_view()}</ul></figcaption>
            <details>
                <summary>{say("as-table")}</summary>
                <table class="plain">
                    <thead><tr><th scope="col">{say("day")}</th>{heads.collect_view()}</tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </details>
        </figure>
    }
    .into_any()
}

fn count(place: usize) -> f64 {
    f64::from(u32::try_from(place).unwrap_or(u32::MAX))
}
