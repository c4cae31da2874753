use proptest::prelude::*;

use super::*;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

fn code(name: &str, bytes: &[u8]) -> &'static str {
    accept(name, bytes).map_or_else(|refused| refused.code, |(kind, _)| kind.media_type)
}

#[test]
fn what_a_file_is_its_first_bytes_say_and_never_its_name() {
    assert_eq!(code("x.exe", PNG), "image/png");
    assert_eq!(code("x.png", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff"), "bad_file");
    assert_eq!(code("x.png", b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\0"), "bad_file");
    assert_eq!(code("a", b"\xff\xd8\xff\xe0\0\x10JFIF"), "image/jpeg");
    assert_eq!(code("a", b"GIF89a\x01\0\x01\0\x80"), "image/gif");
    assert_eq!(code("a", b"RIFF\x24\0\0\0WEBPVP8 "), "image/webp");
    assert_eq!(code("a", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic"), "image/heif");
    assert_eq!(code("a", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3"), "application/pdf");
    assert_eq!(code("a", b"%PDF-1.4\nplain"), "application/pdf");
    assert_eq!(code("a", b"\0\0\0\x18ftypmp42\0\0\0\0isommp42"), "video/mp4");
    assert_eq!(code("a", b"ID3\x04\0\0\0\0\0\0"), "audio/mpeg");
    assert_eq!(
        code("a.zip", b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"),
        "application/zip"
    );
}

#[test]
fn what_a_browser_or_a_shell_would_run_is_refused() {
    for text in [
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
        " \n<!DOCTYPE html>",
        "\u{feff}<?xml version='1.0'?>",
        "#!/bin/sh\nrm",
    ] {
        assert_eq!(code("picture.png", text.as_bytes()), "bad_file", "{text}");
    }
    // Office files of old, and installers.
    assert_eq!(code("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"), "bad_file");
    assert_eq!(code("x.txt", b"\x01\x02\x03"), "bad_file");
    assert_eq!(code("x", b""), "empty_file");
    assert_eq!(code("x", &vec![b'a'; MAX_FILE_BYTES + 1]), "file_too_large");
}

#[test]
fn a_text_is_a_table_by_its_name_alone() {
    assert_eq!(code("prices.csv", b"part,price\nchain,30"), "text/csv");
    assert_eq!(code("prices.txt", "für dich: 30 €".as_bytes()), "text/plain");
}

#[test]
fn a_name_holds_no_folder_nothing_hidden_and_ends_as_it_is() {
    let named = |given: &str| accept(given, PNG).unwrap().1;
    assert_eq!(named("../../etc/bike.png"), "bike.png");
    assert_eq!(named("C:\\photos\\bike.PNG"), "bike.png");
    assert_eq!(named("gpj\u{202e}exe.png"), "gpj exe.png");
    assert_eq!(named("invoice.pdf.exe"), "invoice.pdf.exe.png");
    assert_eq!(named("a\r\nb\"<x>.png"), "a bx.png");
    assert_eq!(named("..."), "file.png");
    assert_eq!(named(""), "file.png");
    assert_eq!(named("наш велосипед.png"), "наш велосипед.png");
    assert!(named(&"x".repeat(500)).chars().count() <= 100);
}

#[test]
fn a_picture_is_shown_and_everything_else_is_saved_and_nothing_runs() {
    let file = |name: &str, media_type: &str| File {
        site: SiteId::parse("ste_a").unwrap(),
        id: FileId::parse("fil_1").unwrap(),
        conversation: ConversationId::parse("cnv_1").unwrap(),
        address_key: String::new(),
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        bytes: 1,
        sha256: "0".repeat(64),
        created_at: Timestamp::default(),
        seq: None,
        due_at: None,
    };
    let header =
        |file: &File, name: &str| headers(file).into_iter().find(|(known, _)| *known == name).unwrap().1;
    let picture = file("bike ä.png", "image/png");
    assert_eq!(
        header(&picture, "content-disposition"),
        "inline; filename=\"bike _.png\"; filename*=UTF-8''bike%20%C3%A4.png"
    );
    for (name, kind) in [("a.pdf", "application/pdf"), ("a.heic", "image/heif"), ("a.txt", "text/plain")] {
        assert!(header(&file(name, kind), "content-disposition").starts_with("attachment; "), "{kind}");
    }
    assert_eq!(header(&picture, "content-security-policy"), "sandbox; default-src 'none'");
    assert_eq!(header(&picture, "x-content-type-options"), "nosniff");
}

#[test]
fn a_token_names_one_file_of_one_site_and_its_end() {
    let named = |site: &str, id: &str| link::Named {
        site: SiteId::parse(site).unwrap(),
        id: FileId::parse(id).unwrap(),
        until: Timestamp::from_ms(1_795_456_800_000),
    };
    let token = link::seal("key", &named("ste_larkspur", "fil_1"));
    assert_eq!(link::open("key", &token), Some(named("ste_larkspur", "fil_1")));
    assert_eq!(link::open("yek", &token), None);
    let other = link::seal("key", &named("ste_larkspur", "fil_2"));
    let mixed = format!("{}.{}", other.split_once('.').unwrap().0, token.split_once('.').unwrap().1);
    assert_eq!(link::open("key", &mixed), None, "one file's tag fits no other");
}

proptest! {
    #[test]
    fn any_bytes_and_any_name_are_judged_without_a_panic(name in ".{0,300}", bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        if let Ok((kind, name)) = accept(&name, &bytes) {
            prop_assert!(name.chars().count() <= 100 && kind.endings.iter().any(|ending| name.ends_with(ending)));
            let is_bad = |c: char| matches!(c, '/' | '\\' | '"' | '\r' | '\n' | '\u{202e}');
            prop_assert!(!name.chars().any(is_bad), "a bad name");
        }
    }
}
