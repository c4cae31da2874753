//! The log and what stands around it: the greeting above, what is being written below.
//!
//! The scrolling box is laid out from its end (`column-reverse`), so the browser itself keeps it at the newest message
//! while it grows or shrinks, and leaves it alone while the visitor reads further up.

use std::rc::Rc;

use reactive_graph::owner::Owner;
use shared::wire::Speaker;

use super::bubble::{bubble, day};
use super::live;
use super::person;
use super::text::label;
use crate::app::App;
use crate::clock;
use crate::element::{El, Made, button, el, watch};
use crate::model::Row;
use crate::part::Part;

/// Further away from the newest message than this, in pixels, the way back is offered.
const FAR: i32 = 160;

/// The conversation, and the place of the button that leads back to its newest message.
pub(super) fn thread(app: App) -> (El, El) {
    let log = el("div", "log")
        .attr("role", "log")
        .attr("aria-live", "polite")
        .has("aria-busy", move || Some(app.model.with(|model| model.cursor() == 0).to_string()));
    keep_rows(app, log.clone());
    let thread = el("div", "thread")
        .child(greeting(app))
        .child(log)
        .child(live::status(app))
        .child(live::live(app))
        .child(person::card(app));
    let main = el("main", "scroll").attr("tabindex", "0").named(app.saying("log")).child(thread);
    show_own(app, main.clone());
    let jump = jump(app, &main);
    (main, jump)
}

/// Offers the way back while the visitor reads far up.
fn jump(app: App, main: &El) -> El {
    let far = Rc::new(Part::new(false));
    let (measured, scrolled) = (Rc::clone(&far), main.clone());
    main.clone().on("scroll", move |_| measured.set(scrolled.element().scroll_top() < -FAR));
    let main = main.clone();
    el("div", "").holds(
        move || far.get(),
        move |far| {
            let main = main.clone();
            let jump = button("icon jump", move || main.element().set_scroll_top(0));
            far.then(|| jump.named(app.saying("newest")))
        },
    )
}

/// The first words: that this is an AI, and the site's greeting.
fn greeting(app: App) -> El {
    let words = move || {
        app.site.with(|site| site.as_ref().map(|site| (site.disclosure.clone(), site.greeting.clone())))
    };
    el("div", "greeting").holds(words, move |words| {
        let (disclosure, greeting) = words.as_ref()?;
        let said = el("div", "row first last")
            .child(label(app, &Speaker::Assistant))
            .child(el("div", "bubble").attr("dir", "auto").text(greeting));
        Some(el("div", "").child(el("p", "note").attr("dir", "auto").text(disclosure)).child(said))
    })
}

/// A message of the visitor's own is always shown.
fn show_own(app: App, main: El) {
    let mut before = None;
    watch(move || {
        let waiting = app.model.with(|model| model.outbox().len());
        if before.is_some_and(|before| before < waiting) {
            main.element().set_scroll_top(0);
        }
        before = Some(waiting);
    });
}

/// A row in the log, with everything that keeps it true.
struct Shown {
    row: Row,
    elements: Vec<El>,
    _made: Made,
}

impl Shown {
    fn remove(self) {
        for element in self.elements {
            element.remove();
        }
    }
}

/// Keeps the log's rows: what stays stays untouched, so that a screen reader hears what is new and nothing twice.
fn keep_rows(app: App, log: El) {
    let (parent, mut revision) = (Owner::current(), None);
    let mut shown: Vec<Shown> = Vec::new();
    watch(move || {
        let newest = Some(app.model.with(crate::Model::revision));
        if newest == revision {
            return;
        }
        revision = newest;
        let mut old = std::mem::take(&mut shown).into_iter();
        for row in app.model.peek(|model| model.rows(clock::day_of)) {
            let stays = old.as_slice().iter().position(|old| same(&old.row, &row));
            if let Some(place) = stays {
                old.by_ref().take(place).for_each(Shown::remove);
                shown.extend(old.next());
            } else {
                let next = old.as_slice().first().and_then(|old| old.elements.first());
                shown.push(make(app, &log, row, parent.as_ref(), next));
            }
        }
        old.for_each(Shown::remove);
    });
}

fn same(old: &Row, new: &Row) -> bool {
    old.item.id == new.item.id
        && (old.day, old.first, old.last) == (new.day, new.first, new.last)
        && old.item.text.len() == new.item.text.len()
}

fn make(app: App, log: &El, row: Row, parent: Option<&Owner>, next: Option<&El>) -> Shown {
    let mut elements = Vec::new();
    let made = Made::new(
        parent,
        Box::new(|| {
            elements.extend(row.day.then(|| day(app, row.item.at)));
            elements.push(bubble(app, &row));
            None
        }),
    );
    for element in &elements {
        element.insert_into(log, next);
    }
    Shown { row, elements, _made: made }
}
