//! Plain file names to content-named addresses, in text. Pure.

use serde_json::{Map, Value};

/// Names as the sources write them, with the address each was given.
#[derive(Default)]
pub(super) struct Assets(Vec<(String, String)>);

impl Assets {
    pub(super) fn insert(&mut self, name: &str, address: &str) {
        self.0.push((name.to_owned(), address.to_owned()));
    }

    /// Replaces each name that stands alone in quotes, with or without a leading `./`.
    pub(super) fn rewrite(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, address) in &self.0 {
            for quote in ['"', '\'', '`'] {
                for prefix in ["", "./"] {
                    let written = format!("{quote}{prefix}{name}{quote}");
                    text = text.replace(&written, &format!("{quote}{address}{quote}"));
                }
            }
        }
        text
    }

    pub(super) fn to_json(&self) -> String {
        let map: Map<String, Value> =
            self.0.iter().map(|(name, address)| (name.clone(), address.as_str().into())).collect();
        Value::Object(map).to_string()
    }
}

/// Fills the page's asset map; `None` when the page has no place for it.
pub(super) fn fill_map(page: &str, map: &str) -> Option<String> {
    let (before, rest) = page.split_once("id=\"tl-assets\"")?;
    let (attributes, rest) = rest.split_once('>')?;
    let (_, after) = rest.split_once("</script>")?;
    Some(format!("{before}id=\"tl-assets\"{attributes}>{map}</script>{after}"))
}

/// The map a built page carries, the inverse of [`fill_map`].
pub(crate) fn read_map(page: &str) -> Option<Map<String, Value>> {
    let (_, rest) = page.split_once("id=\"tl-assets\"")?;
    let (_, rest) = rest.split_once('>')?;
    let (map, _) = rest.split_once("</script>")?;
    serde_json::from_str(map).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assets() -> Assets {
        let mut assets = Assets::default();
        assets.insert("widget.js", "/a/1.js");
        assets.insert("lang/en.json", "/a/2.json");
        assets
    }

    #[test]
    fn a_quoted_name_becomes_its_address_and_a_longer_one_stays() {
        let text = r#"import("./widget.js"); load('lang/en.json'); "my-widget.js"; widget.js"#;
        let expected = r#"import("/a/1.js"); load('/a/2.json'); "my-widget.js"; widget.js"#;
        assert_eq!(assets().rewrite(text), expected);
    }

    #[test]
    fn a_page_carries_the_map_and_gives_it_back() {
        let page = r#"<p></p><script type="application/json" id="tl-assets">{}</script><script src="boot.js"></script>"#;
        let filled = fill_map(page, &assets().to_json()).expect("the page has a place");
        assert!(filled.ends_with(r#"</script><script src="boot.js"></script>"#), "{filled}");
        assert_eq!(read_map(&filled).expect("the map is there")["widget.js"], "/a/1.js");
        assert_eq!(fill_map("<p></p>", "{}"), None);
    }
}
