//! The frame of pages that stand alone: one file with its own style and without a script, which can be saved, mailed and
//! printed, and is served in production. [`csp`] allows exactly that style.

use std::sync::LazyLock;

use super::{html::Html, icon};
use crate::signature;

/// The style sheet, written into each page.
const CSS: &str = include_str!("sheet.css");

/// What both the header and the page itself say.
static POLICY: LazyLock<String> = LazyLock::new(|| {
    let digest = signature::base64(&signature::sha256(CSS.as_bytes()));
    format!(
        "default-src 'none'; style-src 'sha256-{digest}'; img-src data:; form-action 'self'; base-uri 'none'"
    )
});

/// The content security policy these pages are written for, as a header.
pub fn csp() -> String {
    format!("{}; frame-ancestors 'none'", *POLICY)
}

/// The whole document. `kind` names the page for the style sheet.
pub(super) fn document(
    lang: &'static str,
    title: &str,
    kind: &'static str,
    content: impl FnOnce(&mut Html),
) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html>");
    html.tag("html").attr("lang", lang).inside(|html| {
        html.tag("head").inside(|html| {
            html.raw("<meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
            // A saved copy keeps the policy.
            html.tag("meta")
                .attr("http-equiv", "content-security-policy")
                .attr("content", &POLICY)
                .void();
            html.raw("<meta name=\"color-scheme\" content=\"light dark\"><meta name=\"robots\" content=\"noindex\">");
            html.raw("<meta name=\"referrer\" content=\"no-referrer\">");
            html.tag("title").text(title);
            html.tag("link").attr("rel", "icon").attr("href", icon::FAVICON).void();
            html.tag("style").inside(|html| html.raw(CSS));
        });
        html.tag("body").class(kind).inside(|html| html.tag("main").inside(content));
    });
    html.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_brings_its_style_and_nothing_else() {
        let page = document("en", "A & B", "proof", |html| html.tag("p").text("<script>"));
        assert!(page.contains("<title>A &amp; B</title>") && page.contains("<p>&lt;script&gt;</p>"));
        assert!(!page.contains("<script") && !page.contains("style="));
        assert!(!CSS.contains("@import") && !CSS.contains("url(") && !CSS.contains("</"));
        assert!(csp().contains("default-src 'none'") && !csp().contains("unsafe"));
    }
}
