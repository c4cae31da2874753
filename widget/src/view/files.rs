//! The files that go with a message: a link each, a picture as itself.

use shared::wire::Attachment;

use crate::element::{El, el};
use crate::words::decimal;

/// The files of one message.
pub(super) fn files(files: &[Attachment]) -> El {
    files.iter().fold(el("p", "files"), |list, file| list.child(one(file)))
}

fn one(file: &Attachment) -> El {
    let kilobytes = decimal(i64::from(file.bytes.div_ceil(1024)));
    let name = [&file.name, " (", &kilobytes, " kB)"].concat();
    let link = el("a", "file").attr("href", &file.url).attr("target", "_blank").attr("rel", "noopener");
    if file.is_picture() {
        let picture = el("img", "").attr("src", &file.url).attr("alt", &file.name).attr("loading", "lazy");
        link.attr("title", &name).child(picture)
    } else {
        link.attr("dir", "auto").text(&name)
    }
}
