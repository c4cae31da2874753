//! `import`: sends a site's definition, knowledge and sequences to a worker, replacing what it has for that site.
//!
//! A site's folder holds `throughline.json`, `knowledge/**` and `sequences/*.toml`. The content is not checked here: the worker validates it and
//! says what is wrong.

use std::io::Write;
use std::path::Path;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::args::Import;
use crate::cmd::Outcome;
use crate::files;
use crate::setup::node::{Node, node};

/// Node's fetch speaks HTTPS, which spares this crate a TLS stack. The token comes by stdin, out of sight of `ps`.
const PUT: &str = r#"
let input = "";
for await (const chunk of process.stdin) input += chunk;
const { url, token, body } = JSON.parse(input);
try {
  const answer = await fetch(url, {
    method: "PUT",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const text = await answer.text();
  if (!answer.ok) console.log(`${url} answered ${answer.status}: ${text.slice(0, 2000)}`);
} catch (error) {
  console.log(`${url} cannot be reached: ${error.cause?.message ?? error.message}`);
}
"#;

pub(crate) fn import(options: &Import) -> Outcome {
    let token = std::env::var("ADMIN_TOKEN")
        .map_err(|_| "Set ADMIN_TOKEN to the worker's admin token; it is not taken from the command line.")?;
    // Relative to where the person stands, not to the workspace.
    let dir =
        std::path::absolute(&options.dir).map_err(|error| format!("{}: {error}.", options.dir.display()))?;
    send(&node()?, &options.url, &token, &body(&dir)?)?;
    println!("Imported {} into {}.", options.dir.display(), options.url);
    Ok(())
}

/// `{"definition": …, "knowledge": [{"path": "prices.md", "text": "…"}, …], "sequences": [{"path": "cold-lead.toml", …}]}`.
pub(crate) fn body(dir: &Path) -> Outcome<Value> {
    let file = dir.join("throughline.json");
    let definition: Value = serde_json::from_str(&files::read_text(&file)?)
        .map_err(|error| format!("{} is not JSON: {error}.", files::shown(&file)))?;
    let knowledge = texts(&dir.join("knowledge"), "")?;
    let sequences = texts(&dir.join("sequences"), ".toml")?;
    Ok(json!({ "definition": definition, "knowledge": knowledge, "sequences": sequences }))
}

/// The files of a folder whose names end so, with their texts.
fn texts(folder: &Path, ending: &str) -> Outcome<Vec<Value>> {
    let paths = files::list(folder)?.into_iter().filter(|path| path.ends_with(ending));
    paths.map(|path| Ok(json!({ "text": files::read_text(&folder.join(&path))?, "path": path }))).collect()
}

/// `PUT {edge}/admin/sites`.
pub(crate) fn send(node: &Node, edge: &str, token: &str, body: &Value) -> Outcome {
    let input = json!({ "url": format!("{edge}/admin/sites"), "token": token, "body": body }).to_string();
    let lost = |error: std::io::Error| format!("The import was lost: {error}.");
    let mut child = node
        .command()
        .args(["--input-type=module", "-e", PUT])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(lost)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(lost)?;
    }
    let output = child.wait_with_output().map_err(lost)?;
    let complaint = String::from_utf8_lossy(&output.stdout);
    match (complaint.trim(), output.status.success()) {
        ("", true) => Ok(()),
        ("", false) => Err("The import failed; its output is above.".to_owned()),
        (complaint, _) => Err(complaint.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_becomes_a_definition_its_knowledge_and_its_sequences_in_order() {
        let dir = std::env::temp_dir().join(format!("throughline-import-{}", std::process::id()));
        files::write(&dir.join("throughline.json"), r#"{"name":"Cycle Works"}"#).expect("written");
        files::write(&dir.join("knowledge/prices.md"), "A tune-up is $89.").expect("written");
        files::write(&dir.join("knowledge/faq/hours.md"), "Closed on Sunday.").expect("written");
        files::write(&dir.join("sequences/README.md"), "How to write one.").expect("written");
        files::write(&dir.join("sequences/nudge.toml"), "name = \"Nudge\"").expect("written");
        let body = body(&dir).expect("read back");
        files::remove_dir(&dir).expect("removed");
        assert_eq!(body["definition"]["name"], "Cycle Works");
        assert_eq!(body["knowledge"][0], json!({"path": "faq/hours.md", "text": "Closed on Sunday."}));
        assert_eq!(body["knowledge"][1]["path"], "prices.md");
        assert_eq!(body["sequences"], json!([{"path": "nudge.toml", "text": "name = \"Nudge\""}]));
    }
}
