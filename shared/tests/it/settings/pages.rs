//! The site's own pages are read into what the assistant knows, a few at a time.

use shared::{
    api::knowledge::{CrawlState, SourceKind},
    flow::{FlowError, crawl, knowledge},
    http::Response,
    time::HOUR_MS,
};

use super::{refused, web::Web, world};
use crate::world::{World, now};

const ORIGIN: &str = "https://larkspur.example";

fn shop(seed: u64) -> World {
    let mut world = world(seed);
    world.site.allowed_origins = vec![ORIGIN.into()];
    world
}

fn begins(world: &World, origin: &str) -> Result<(), FlowError> {
    now(crawl::begin(world.scope(), &mut world.ctx.clone(), "Wren", origin)).map(drop)
}

/// Reads on until nothing is left, as the cron does.
fn reads(world: &World, web: &Web) -> CrawlState {
    for _ in 0..60 {
        if !now(crawl::due(&world.db, &world.ctx)).unwrap().contains(&world.site.id) {
            break;
        }
        now(crawl::step(world.scope(), web, &world.ctx)).unwrap();
    }
    now(knowledge::load_known(world.scope())).unwrap().crawl.unwrap()
}

fn page(title: &str, text: &str) -> String {
    format!("<html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>")
}

/// A site map of so many pages.
fn map_of(count: u32) -> String {
    (0..count).map(|n| format!("<url><loc>{ORIGIN}/p{n}</loc></url>")).collect::<Vec<_>>().concat()
}

fn pages(world: &World) -> Vec<String> {
    let known = now(knowledge::load_known(world.scope())).unwrap();
    let pages = known.sources.into_iter().filter(|source| source.kind == SourceKind::Page);
    pages.map(|source| source.address.unwrap()).collect()
}

#[test]
fn the_site_map_says_which_pages_are_read_and_the_assistant_answers_from_them() {
    let world = shop(30);
    let map = "<urlset><url><loc>https://larkspur.example/unicycles</loc></url><url><loc>https://larkspur.example/cart/1</loc></url>\
        <url><loc>https://evil.example/</loc></url><url><loc>https://10.0.0.8/</loc></url><url><loc>https://larkspur.example/menu.pdf</loc></url>\
        <url><loc>https://larkspur.example/gone</loc></url></urlset>";
    let unicycles = page("Unicycles", "A cargo unicycle costs $31 a day to rent.");
    let web = Web::of(&[
        ("https://larkspur.example/robots.txt", "User-agent: *\nDisallow: /cart\n"),
        ("https://larkspur.example/sitemap.xml", map),
        ("https://larkspur.example/unicycles", &unicycles),
    ]);
    begins(&world, ORIGIN).unwrap();
    assert_eq!(refused(begins(&world, ORIGIN)).code, "running");
    let state = reads(&world, &web);
    assert_eq!((state.state.as_str(), state.read, state.left), ("done", 1, 0));
    assert_eq!(
        state.failed,
        [("https://larkspur.example/gone".to_owned(), "The site could not be reached.".to_owned())]
    );
    assert_eq!(pages(&world), ["https://larkspur.example/unicycles"]);
    assert!(web.asked().iter().all(|url| url.starts_with("https://larkspur.example/")), "{:?}", web.asked());
    let question = "What does a cargo unicycle cost?";
    let answer = now(knowledge::try_answer(world.scope(), &web, &mut world.ctx.clone(), question)).unwrap();
    assert!(answer.text.contains("$31"), "{answer:?}");
}

#[test]
fn at_most_200_pages_are_read_a_few_at_a_time_and_what_is_gone_is_forgotten() {
    let mut world = shop(31);
    let locations = map_of(260);
    let mut web = Web::of(&[(&format!("{ORIGIN}/sitemap.xml"), &locations)]);
    for n in 0..260 {
        let text = page(&format!("Page {n}"), &format!("Words of page {n}."));
        web.pages.insert(format!("{ORIGIN}/p{n}"), Response::new(200, "text/html", text));
    }
    begins(&world, ORIGIN).unwrap();
    now(crawl::step(world.scope(), &web, &world.ctx)).unwrap();
    now(crawl::step(world.scope(), &web, &world.ctx)).unwrap();
    let known = now(knowledge::load_known(world.scope())).unwrap().crawl.unwrap();
    assert_eq!((known.state.as_str(), known.read, known.left), ("running", 8, 192));
    assert_eq!(reads(&world, &web).read, 200);
    assert_eq!(pages(&world).len(), 200);
    // Read again an hour later, when there are only two.
    world.ctx.now = world.ctx.now.plus_ms(HOUR_MS);
    let two = map_of(2);
    web.pages.insert(format!("{ORIGIN}/sitemap.xml"), Response::new(200, "application/xml", two));
    begins(&world, ORIGIN).unwrap();
    assert_eq!(reads(&world, &web).state, "done");
    assert_eq!(pages(&world), [format!("{ORIGIN}/p0"), format!("{ORIGIN}/p1")]);
}

#[test]
fn a_site_that_asks_not_to_be_read_is_not_read() {
    let world = shop(32);
    let robots = format!("{ORIGIN}/robots.txt");
    let web =
        Web::of(&[(&robots, "User-agent: *\nDisallow: /\n"), ("https://larkspur.example/", "<p>Hi</p>")]);
    begins(&world, ORIGIN).unwrap();
    let state = reads(&world, &web);
    assert!(state.state == "failed" && state.note.unwrap().contains("robots.txt"));
    assert_eq!(web.asked(), [robots]);
}

#[test]
fn without_a_site_map_the_links_of_the_first_page_are_read_and_one_that_is_stopped_reads_no_more() {
    let world = shop(33);
    let home = "<title>Larkspur</title><p>Welcome to us.</p><a href=\"/a\">A</a><a href='https://evil.example/'>B</a>";
    let about = page("About", "We are three people.");
    let web = Web::of(&[("https://larkspur.example/", home), ("https://larkspur.example/a", &about)]);
    begins(&world, ORIGIN).unwrap();
    assert_eq!(reads(&world, &web).read, 2);
    begins(&world, ORIGIN).unwrap();
    now(crawl::stop(world.scope(), &mut world.ctx.clone())).unwrap();
    assert_eq!(reads(&world, &web).state, "stopped");
    assert_eq!(pages(&world).len(), 2, "what was read stays");
}

#[test]
fn private_networks_and_foreign_sites_are_refused_and_an_origin_that_is_taken_back_is_read_no_more() {
    let mut world = shop(34);
    for (origin, code) in [
        ("https://10.0.0.8", "bad_address"),
        ("https://localhost", "bad_address"),
        ("http://larkspur.example", "bad_address"),
        ("https://evil.example", "foreign_origin"),
    ] {
        assert_eq!(refused(begins(&world, origin)).code, code, "{origin}");
    }
    begins(&world, ORIGIN).unwrap();
    world.site.allowed_origins = Vec::new();
    let web = Web::default();
    assert_eq!(reads(&world, &web).state, "failed");
    assert!(web.asked().is_empty());
}
