//! What happened in a span of days, in figures and charts, each against the span before.

mod chart;
mod parts;

use leptos::prelude::*;
use shared::{api::report::Report, time::Timestamp, wire::Failure};

use super::app;
use crate::{
    browser,
    model::report::{MAX_DAYS, Span, day_text, is_empty, parse_day},
    net,
    state::App,
    words::{fill, say},
};

/// The spans that are one press away, in days.
const SPANS: [i64; 3] = [7, 30, 90];

/// The page.
#[component]
pub(crate) fn Reports() -> impl IntoView {
    let app = app();
    // Until it is known who is here, there is no site to ask of, and no calendar.
    let of = Memo::new(move |_| app.membership().map(|it| (it.site, it.time_zone)));
    move || of.get().map(|(_, zone)| page(app, &zone))
}

fn page(app: App, zone: &str) -> AnyView {
    let today = today(app, zone);
    let span = RwSignal::new(Span::last(30, today));
    let (from, to) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let wrong = RwSignal::new(false);
    let read: RwSignal<Option<Result<(Report, Report), Failure>>> = RwSignal::default();
    Effect::new(move |_| {
        let asked = span.get();
        from.set(day_text(asked.from));
        to.set(day_text(asked.to));
        let path = [&app.site_path(), "/report?"].concat();
        leptos::task::spawn_local(async move {
            let found = both(&path, asked).await;
            if span.get_untracked() == asked {
                read.set(Some(found));
            }
        });
    });
    let typed = move || match Span::typed(&from.get_untracked(), &to.get_untracked()) {
        Some(typed) => {
            wrong.set(false);
            span.set(typed);
        }
        None => wrong.set(true),
    };
    let choice = move |days: i64| {
        let chosen = Span::last(days, today);
        view! {
            <button type="button" aria-pressed=move || (span.get() == chosen).to_string() on:click=move |_| {
                wrong.set(false);
                span.set(chosen);
            }>{fill("last-days", &days.to_string())}</button>
        }
    };
    let table = move || [&app.site_path(), "/report.csv?", &span.get().query()].concat();
    view! {
        <div class="reports">
            <header class="head">
                <h1>{say("page-reports")}</h1>
                <a class="button" href=table download="report.csv">{say("report-csv")}</a>
            </header>
            <form class="span" on:submit=move |event| { event.prevent_default(); typed(); }>
                <div class="choice" role="group" aria-label=say("report-span")>
                    {SPANS.into_iter().map(choice).collect_view()}
                </div>
                {day_field("report-from", from, wrong)}
                {day_field("report-to", to, wrong)}
                <button type="submit">{say("report-show")}</button>
                <p class="wrong" id="report-wrong" role="alert">
                    {move || wrong.get().then(|| fill("report-wrong", &MAX_DAYS.to_string()))}
                </p>
            </form>
            {move || read.with(|read| match read {
                None => view! { <p class="waits" role="status">{say("report-reads")}</p> }.into_any(),
                Some(Err(failure)) => view! { <p class="wrong" role="alert">{failure.text.clone()}</p> }.into_any(),
                Some(Ok((report, _))) if is_empty(report) => view! {
                    <p class="nothing"><b>{say("report-none-title")}</b><span>{say("report-none")}</span></p>
                }.into_any(),
                Some(Ok((report, before))) => parts::all(report, before, span.get_untracked()),
            })}
        </div>
    }
    .into_any()
}

fn day_field(name: &'static str, value: RwSignal<String>, wrong: RwSignal<bool>) -> AnyView {
    view! {
        <label>
            <span>{say(name)}</span>
            <input
                type="date" required aria-describedby="report-wrong" aria-invalid=move || wrong.get().to_string()
                prop:value=move || value.get() on:input=move |event| value.set(event_target_value(&event))
            />
        </label>
    }
    .into_any()
}

/// The present day on the site's calendar, by the server's clock.
fn today(app: App, zone: &str) -> i64 {
    let now = app.me.with_untracked(|me| me.as_ref().map(|me| me.now));
    let now = now.unwrap_or_else(|| Timestamp::from_ms(browser::i64_of(browser::now_ms())));
    parse_day(&browser::iso_day(now, zone)).unwrap_or_default()
}

/// The report of a span, and of the one before.
async fn both(path: &str, span: Span) -> Result<(Report, Report), Failure> {
    let report = net::get(&[path, &span.query()].concat()).await?;
    let before = net::get(&[path, &span.before().query()].concat()).await?;
    Ok((report, before))
}
