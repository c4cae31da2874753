//! What the visitor sees. One part of the page a file; none of them talks to the line or to the host page.
//!
//! The static page's composer stays where it is, so that typing is never interrupted; everything above it is replaced.

mod attach;
mod banner;
mod booking;
mod bubble;
mod card;
mod composer;
mod continue_card;
mod files;
mod header;
mod live;
pub(crate) mod person;
mod sources;
mod text;
mod thread;

use reactive_graph::owner::Owner;
use shared::wire::Speaker;
use web_sys::HtmlElement;

use crate::app::App;
use crate::codec::json::Object;
use crate::color::Color;
use crate::dom;
use crate::element::{El, el, watch};
use crate::words::{Words, decimal};

/// Replaces the static page's upper part and adopts its composer; `begin` starts the app before anything is drawn, so that
/// the page around hears first that the panel is there.
pub(crate) fn mount(words: Words, locale: String, begin: impl FnOnce(App) + 'static) {
    let Some(place) = dom::element::<HtmlElement>("app") else { return };
    place.set_inner_html("");
    let panel = El::of(place);
    // An executor that stands already is as good.
    any_spawner::Executor::init_wasm_bindgen().ok();
    let page = Owner::new();
    page.with(|| {
        let app = App::new(words, locale);
        begin(app);
        dress(app);
        report_unread(app);
        composer::adopt(app);
        let (main, jump) = thread::thread(app);
        let announced = el("p", "unseen").attr("role", "status").says(move || app.announced.get());
        panel.child(header::header(app)).child(banner::banner(app)).child(main).child(jump).child(announced);
    });
    std::mem::forget(page);
}

/// Who speaks, by name: the assistant's own name, a human's, the site's for what it sends by itself.
fn speaker_name(app: App, speaker: &Speaker) -> String {
    let of_site = |name: fn(&shared::wire::Session) -> &String| {
        app.site.with(|site| site.as_ref().map_or_else(String::new, |site| name(site).clone()))
    };
    match speaker {
        Speaker::Contact => app.word("you"),
        Speaker::Agent(name) => name.clone(),
        Speaker::Assistant => of_site(|site| &site.assistant),
        Speaker::Sequence(_) | Speaker::System => of_site(|site| &site.site),
    }
}

/// The language's direction and the site's colour, on the root element and on the launcher.
fn dress(app: App) {
    watch(move || {
        let Some(root) = dom::root() else { return };
        root.set_lang(&app.locale.get());
        root.set_dir(&app.word("dir"));
        dom::document().set_title(&app.word("title"));
    });
    watch(move || {
        let brand = app.site.with(|site| site.as_ref().and_then(|site| Color::parse(&site.color)));
        let (Some(root), Some(brand)) = (dom::root(), brand) else { return };
        let style = root.style();
        for (name, color) in [
            ("--brand", brand),
            ("--ink", brand.ink()),
            ("--brand-light", brand.on_light()),
            ("--brand-dark", brand.on_dark()),
        ] {
            style.set_property(name, &color.css()).ok();
        }
        app.post(
            Object::default().text("tl", "look").text("color", &brand.css()).text("ink", &brand.ink().css()),
        );
    });
}

/// Tells the launcher how many messages wait, in words.
fn report_unread(app: App) {
    let mut told = None;
    watch(move || {
        let unread = i64::try_from(app.model.with(crate::Model::unread)).unwrap_or(i64::MAX);
        let label = match unread {
            0 => app.word("launcher"),
            1 => app.word("launcher_one"),
            _ => app.fill("launcher_many", &decimal(unread)),
        };
        if told.as_ref() != Some(&label) {
            app.post(Object::default().text("tl", "unread").int("n", unread).text("label", &label));
            told = Some(label);
        }
    });
}
