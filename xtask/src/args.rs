//! Words on the command line to a [`Command`]. Pure: it reads no file and prints nothing.

use std::path::PathBuf;

pub(crate) const HELP: &str = "\
cargo xtask COMMAND

  dev [--reset] [--port N] [--site-port N]   run everything locally; --reset forgets the local data
  test [checks|unit|e2e|browser]             run one group of tests; without a group, the same as ci
  ci                                         every check and every test, in order
  build                                      widget and worker, into dist/ and edge/build/
  size                                       build, then compare what is downloaded with its budgets
  deploy [--dry-run]                         migrate and deploy with wrangler; --dry-run checks without a network
  bench                                      run the load measurements
  scenario [--watch] FILE…                   play text scenarios natively and tell what happens, step by step; --watch plays them
                                             on the real worker at reading speed, for a browser that looks on
  replay FILE [--policy FILE]                judge a contact's log again; with another policy, tell what would change
  import --url URL --dir DIR                 send a site's definition and knowledge to a worker (ADMIN_TOKEN in the environment)
  new-migration NAME                         add an empty, numbered migration
  help                                       this list
";

/// Where the local worker listens unless `--port` says otherwise.
pub(crate) const EDGE_PORT: u16 = 8787;
/// Where the demo customer's site listens unless `--site-port` says otherwise.
pub(crate) const SITE_PORT: u16 = 8788;

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Command {
    Help,
    Dev(Dev),
    Test(Selection),
    Build,
    Size,
    Deploy { dry_run: bool },
    Bench,
    Scenario { files: Vec<PathBuf>, watch: bool },
    Replay { words: Vec<String> },
    Import(Import),
    NewMigration { name: String },
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Dev {
    pub(crate) reset: bool,
    pub(crate) port: u16,
    pub(crate) site_port: u16,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) url: String,
    pub(crate) dir: PathBuf,
}

/// Which tests to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    Everything,
    Checks,
    Unit,
    EndToEnd,
    Browser,
}

/// Errors are one sentence for a person; the caller prints the list of commands below it.
pub(crate) fn parse(words: &[String]) -> Result<Command, String> {
    let Some((command, rest)) = words.split_first() else {
        return Ok(Command::Help);
    };
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return Ok(Command::Help);
    }
    let mut rest = Words { command, rest: rest.iter() };
    let parsed = match command.as_str() {
        "help" | "--help" | "-h" => Command::Help,
        "dev" => Command::Dev(parse_dev(&mut rest)?),
        "test" => Command::Test(parse_selection(&mut rest)?),
        "ci" => Command::Test(Selection::Everything),
        "build" => Command::Build,
        "size" => Command::Size,
        "deploy" => parse_deploy(&mut rest)?,
        "bench" => Command::Bench,
        "scenario" => parse_scenario(&mut rest)?,
        "replay" => Command::Replay { words: parse_replay(&mut rest)? },
        "import" => Command::Import(parse_import(&mut rest)?),
        "new-migration" => Command::NewMigration { name: parse_name(&mut rest)? },
        other => return Err(format!("There is no command `{other}`.")),
    };
    rest.end()?;
    Ok(parsed)
}

struct Words<'a> {
    command: &'a str,
    rest: std::slice::Iter<'a, String>,
}

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        self.rest.next().map(String::as_str)
    }

    fn value(&mut self, flag: &str) -> Result<&'a str, String> {
        self.next().ok_or_else(|| format!("`{flag}` needs a value."))
    }

    fn port(&mut self, flag: &str) -> Result<u16, String> {
        let value = self.value(flag)?;
        value.parse().map_err(|_| format!("`{flag} {value}` is not a port number."))
    }

    fn unknown(&self, word: &str) -> String {
        format!("`{}` does not take `{word}`.", self.command)
    }

    fn end(&mut self) -> Result<(), String> {
        match self.next() {
            None => Ok(()),
            Some(word) => Err(self.unknown(word)),
        }
    }
}

fn parse_dev(words: &mut Words) -> Result<Dev, String> {
    let mut dev = Dev { reset: false, port: EDGE_PORT, site_port: SITE_PORT };
    while let Some(word) = words.next() {
        match word {
            "--reset" => dev.reset = true,
            "--port" => dev.port = words.port(word)?,
            "--site-port" => dev.site_port = words.port(word)?,
            other => return Err(words.unknown(other)),
        }
    }
    if dev.port == dev.site_port {
        return Err("`--port` and `--site-port` must differ.".to_owned());
    }
    Ok(dev)
}

fn parse_selection(words: &mut Words) -> Result<Selection, String> {
    match words.next() {
        None => Ok(Selection::Everything),
        Some("checks") => Ok(Selection::Checks),
        Some("unit") => Ok(Selection::Unit),
        Some("e2e") => Ok(Selection::EndToEnd),
        Some("browser") => Ok(Selection::Browser),
        Some(other) => {
            Err(format!("There is no group of tests `{other}`; there are checks, unit, e2e and browser."))
        }
    }
}

fn parse_deploy(words: &mut Words) -> Result<Command, String> {
    match words.next() {
        None => Ok(Command::Deploy { dry_run: false }),
        Some("--dry-run") => Ok(Command::Deploy { dry_run: true }),
        Some(other) => Err(words.unknown(other)),
    }
}

/// The runner's own words: the log, and the policy where there is another.
fn parse_replay(words: &mut Words) -> Result<Vec<String>, String> {
    let mut files = Vec::new();
    while let Some(word) = words.next() {
        match word {
            "--policy" => files.extend(["--policy".to_owned(), words.value("--policy")?.to_owned()]),
            flag if flag.starts_with('-') => return Err(words.unknown(flag)),
            file => files.push(file.to_owned()),
        }
    }
    if files.first().is_none_or(|first| first.starts_with("--")) {
        return Err("`replay` needs a FILE: what `GET …/contacts/ID/log` answered.".to_owned());
    }
    Ok(files)
}

fn parse_scenario(words: &mut Words) -> Result<Command, String> {
    let mut files = Vec::new();
    let mut watch = false;
    while let Some(word) = words.next() {
        match word {
            "--watch" => watch = true,
            flag if flag.starts_with('-') => return Err(words.unknown(flag)),
            file => files.push(PathBuf::from(file)),
        }
    }
    if files.is_empty() {
        return Err("`scenario` needs a FILE, such as examples/scenarios/story.scn.".to_owned());
    }
    Ok(Command::Scenario { files, watch })
}

fn parse_import(words: &mut Words) -> Result<Import, String> {
    let (mut url, mut dir) = (None, None);
    while let Some(word) = words.next() {
        match word {
            "--url" => url = Some(words.value(word)?),
            "--dir" => dir = Some(words.value(word)?),
            other => return Err(words.unknown(other)),
        }
    }
    match (url, dir) {
        (Some(url), Some(dir)) => Ok(Import { url: url.trim_end_matches('/').to_owned(), dir: dir.into() }),
        (None, _) => Err("`import` needs `--url URL`, the worker's address.".to_owned()),
        (_, None) => Err("`import` needs `--dir DIR`, the folder with throughline.json.".to_owned()),
    }
}

fn parse_name(words: &mut Words) -> Result<String, String> {
    let name = words.next().ok_or("`new-migration` needs a NAME, such as add_labels.")?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if name.chars().all(plain) {
        Ok(name.to_owned())
    } else {
        Err(format!("`{name}` is not a migration name: use lower-case letters, digits and underscores."))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_line(line: &str) -> Result<Command, String> {
        parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn no_words_and_help_anywhere_ask_for_the_list() {
        for line in ["", "help", "--help", "-h", "dev --help", "import -h"] {
            assert_eq!(parse_line(line), Ok(Command::Help), "{line}");
        }
    }

    #[test]
    fn dev_takes_its_flags_in_any_order() {
        let dev = Dev { reset: true, port: 9000, site_port: 9001 };
        assert_eq!(parse_line("dev --site-port 9001 --reset --port 9000"), Ok(Command::Dev(dev)));
        let dev = Dev { reset: false, port: EDGE_PORT, site_port: SITE_PORT };
        assert_eq!(parse_line("dev"), Ok(Command::Dev(dev)));
    }

    #[test]
    fn test_without_a_group_is_ci() {
        assert_eq!(parse_line("test"), parse_line("ci"));
        assert_eq!(parse_line("test checks"), Ok(Command::Test(Selection::Checks)));
        assert_eq!(parse_line("test e2e"), Ok(Command::Test(Selection::EndToEnd)));
    }

    #[test]
    fn scenario_takes_any_number_of_files() {
        let files = vec![PathBuf::from("a.scn"), PathBuf::from("b.scn")];
        let watched = Command::Scenario { files: files.clone(), watch: true };
        assert_eq!(parse_line("scenario a.scn b.scn"), Ok(Command::Scenario { files, watch: false }));
        assert_eq!(parse_line("scenario --watch a.scn b.scn"), Ok(watched));
    }

    #[test]
    fn replay_takes_a_log_and_another_policy() {
        let words = ["log.json", "--policy", "p.json"].map(str::to_owned).to_vec();
        assert_eq!(parse_line("replay log.json --policy p.json"), Ok(Command::Replay { words }));
    }

    #[test]
    fn what_is_not_understood_is_named() {
        for (line, named) in [
            ("deplo", "`deplo`"),
            ("build --fast", "`--fast`"),
            ("dev --port", "`--port`"),
            ("dev --port many", "`--port many`"),
            ("dev --port 8788", "must differ"),
            ("test all", "`all`"),
            ("deploy --dry", "`--dry`"),
            ("import --dir examples/site", "--url"),
            ("import --url http://127.0.0.1:8787", "--dir"),
            ("new-migration", "NAME"),
            ("scenario", "FILE"),
            ("replay", "FILE"),
            ("replay --policy x.json", "FILE"),
            ("replay log.json --policy", "needs a value"),
            ("new-migration Add-Labels", "`Add-Labels`"),
        ] {
            let message = parse_line(line).expect_err(line);
            assert!(message.contains(named), "{line}: {message}");
            assert_eq!(message.lines().count(), 1, "{line}: {message}");
        }
    }

    #[test]
    fn an_import_address_loses_its_last_slash() {
        let import = Import { url: "https://chat.example.com".to_owned(), dir: "site".into() };
        assert_eq!(
            parse_line("import --url https://chat.example.com/ --dir site"),
            Ok(Command::Import(import))
        );
    }
}
