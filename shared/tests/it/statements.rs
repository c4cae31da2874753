//! Every statement of the product, walked: none reaches another site's rows, and none walks a table that grows.

mod rows;
mod walked;

use std::collections::BTreeSet;

use serde_json::Value;
use shared::store::{Answer, Arg, Stmt, all_statements, sqlite::Sqlite};

use rows::{OF_NO_SITE, OF_THE_WHOLE_SITE, ROWS};
use walked::WALKED;

/// The arguments of every other statement, so that they hit something: `@` is the site that asks, `$` stands in the keys
/// of the site whose rows they are.
const ASKED: &[(&str, &str)] = &[
    ("agents::OF_SITE", r#"["@"]"#),
    ("agents::TAKE_IN", r#"["@", "agt_new", "kim@$", "kim@$", "Kim", "agent", "invited", 1]"#),
    ("agents::CHANGE", r#"["@", "agt_$2", "Ana", "admin", "active"]"#),
    ("audit::ADD", r#"["@", 2, "aud_new", "Jo", "tag_add", "ctc_$", ""]"#),
    ("audit::BEFORE", r#"["@", 9, "", 10]"#),
    ("tokens::OF_SITE", r#"["@"]"#),
    ("tokens::ADD", r#"["@", "tok_new", "new_$", "Shop", "contacts:read", "Jo", 1]"#),
    ("tokens::REMOVE", r#"["@", "tok_$"]"#),
    ("tokens::TOUCH", r#"["@", "tok_$", 5]"#),
    ("alerts::STAFF", r#"["@"]"#),
    ("alerts::SUBSCRIBE", r#"["@", "agt_$", "psh_new", "https://fcm.googleapis.com/x", "key", "auth", 1]"#),
    ("alerts::UNSUBSCRIBE", r#"["@", "agt_$", "psh_$"]"#),
    ("alerts::SUBSCRIPTION", r#"["@", "agt_$", "psh_$"]"#),
    ("alerts::RULES", r#"["@", "agt_$"]"#),
    ("alerts::PUT_RULES", r#"["@", "agt_new", "{}"]"#),
    (
        "alerts::ADD",
        r#"["@", "agt_$", "alr_new", "handoff", "ctc_$", "cnv_$", "Because.", 5, "conversation cnv_$"]"#,
    ),
    ("alerts::WITHDRAW", r#"["@", "conversation cnv_$"]"#),
    ("alerts::UNREAD", r#"["@", "agt_$", 9]"#),
    ("alerts::READ", r#"["@", "agt_$", "alr_$"]"#),
    ("alerts::READ_ALL", r#"["@", "agt_$", 9]"#),
    ("appointments::ONE", r#"["@", "apt_$1"]"#),
    ("appointments::OF_CONTACT", r#"["@", "ctc_$", 0, 10]"#),
    ("appointments::BUSY", r#"["@", "rsc_$", 0, 99, 5]"#),
    (
        "appointments::ADD",
        r#"["@", "apt_new", "rsc_$", 51, 52, 50, 53, "2026-11-24", 9, "booked", null, 1, 0, null, null, 5, "ctc_$", "cnv_$", "phone", "+$", "svc_$", 5, "$@new"]"#,
    ),
    (
        "appointments::UPDATE",
        r#"["@", "apt_$1", "rsc_$", 61, 62, 60, 63, "2026-11-24", 9, "booked", null, 2, 1, "hi", 10, 5]"#,
    ),
    ("appointments::EXPIRE", r#"["@", "rsc_$", 0, 99, 9]"#),
    ("consents::CHAIN", r#"["@", "phone", "+$"]"#),
    ("consents::ADD", r#"["@", "phone", "+$", 2, "cns_new", "ctc_$", "{}", 1, "hash"]"#),
    ("consents::CHAINS_OF_OTHERS", r#"["@", "cnv_$", "phone", "+$2"]"#),
    ("consents::FACTS", r#"["@", "ctc_$"]"#),
    ("consents::FACTS_OF_CONVERSATION", r#"["@", "cnv_$"]"#),
    ("consents::SUPERSEDE", r#"["@", "ctc_$", "budget", "fct_new", "sms", "+$", "evt_new"]"#),
    ("consents::ADD_FACT", r#"["@", "ctc_$", "fct_new", "budget", "9", "9", "evt_$", "sms", "+$", 1]"#),
    ("contacts::BY_ADDRESS", r#"["@", "phone", "+$"]"#),
    ("contacts::CONTACT", r#"["@", "ctc_$"]"#),
    ("contacts::OF_CONVERSATION", r#"["@", "cnv_$"]"#),
    ("contacts::HANDLES", r#"["@", "ctc_$"]"#),
    ("contacts::HANDLES_OF_CONVERSATION", r#"["@", "cnv_$"]"#),
    ("contacts::ADD_CONTACT", r#"["@", "ctc_new", null, null, null, 1]"#),
    ("contacts::UPDATE_CONTACT", r#"["@", "ctc_$", "Ana", null, null]"#),
    ("contacts::ADD_HANDLE", r#"["@", "email", "$@new", "$@new", "ctc_$", 1, 1]"#),
    ("contacts::PROVE_HANDLE", r#"["@", "phone", "+$", 3]"#),
    ("contacts::BLOCK_HANDLE", r#"["@", "phone", "+$", 1]"#),
    ("contacts::CLAIM", r#"["@", "phone", "+$", "ctc_$2", "evt_new", 2]"#),
    ("contacts::CLAIMS", r#"["@", "phone", "+$", 0]"#),
    ("contacts::DROP_CLAIM", r#"["@", "phone", "+$", "ctc_$2"]"#),
    ("contacts::JOIN_CONTACT", r#"["@", "ctc_$2", "ctc_$"]"#),
    ("conversations::CONVERSATION", r#"["@", "cnv_$"]"#),
    ("conversations::BY_CONTACT", r#"["@", "ctc_$"]"#),
    ("conversations::OF_PERSON", r#"["@", "ctc_$"]"#),
    ("conversations::BY_ADDRESS", r#"["@", "phone", "+$"]"#),
    (
        "conversations::ADD",
        r#"["@", "cnv_new", "ctc_new", 1, "\"assistant\"", 0, null, null, "[]", 0, 0, 0, 0, 0, 0, "[]", null, 1, "[]", null, "[]", 1, null, null, "[]", null, null, "open", null, null, 1, "[]"]"#,
    ),
    (
        "conversations::UPDATE",
        r#"["@", "cnv_$", "ctc_$", 2, "\"assistant\"", 1, null, null, "[]", 0, 0, 0, 0, 0, 0, "[]", null, 1, "[]", null, "[]", 1, null, null, "[]", null, null, "open", null, null, 1, "[]"]"#,
    ),
    ("conversations::ADOPT", r#"["@", "cnv_$", "ctc_$", "ctc_$3"]"#),
    ("conversations::PROMISES", r#"["@", 10]"#),
    ("conversations::CLAIM_TURN", r#"["@", "cnv_$", "lease", 9, 5]"#),
    ("counters::COUNT", r#"["@", "n_$", 0, 1]"#),
    ("counters::COUNTED", r#"["@", "n_$", 0]"#),
    ("counters::SUMMED", r#"["@", "n_$", 0]"#),
    (
        "deliveries::ADD",
        r#"["dlv_n", "@", "cnv_$", 1, "end_$", "sms", "phone", "+$", "+$", "reply", 1, 1, "a", 1]"#,
    ),
    ("deliveries::CLAIM", r#"["@", "dlv_$1", "lease", 9, 5, 1, 0, "none", null]"#),
    ("deliveries::PUT_OFF_OF", r#"["@", "ctc_$", 9, 10]"#),
    ("deliveries::PUT_OFF", r#"["@", "dlv_$1", "why", 9, 5]"#),
    ("deliveries::SETTLE", r#"["@", "dlv_$2", "lease", "sent", null, "prv", 1, 1]"#),
    ("deliveries::REPORT", r#"["@", "end_$", "prv_$", "delivered", null, 1, null]"#),
    ("deliveries::REPORT", r#"["@", "end_$", "prv_new", "delivered", null, 1, "dlv_$2"]"#),
    ("deliveries::NOTE_PROVIDER", r#"["@", "dlv_$1", "prv"]"#),
    ("deliveries::WITHDRAW", r#"["@", "dlv_$1", "why", 1]"#),
    ("deliveries::BY_PROVIDER", r#"["@", "end_$", "prv_$"]"#),
    ("deliveries::CANCEL_TO", r#"["@", "phone", "+$", "why", 1]"#),
    ("deliveries::CANCEL_PURPOSE", r#"["@", "phone", "+$", "reply", "why", 1]"#),
    ("deliveries::ABANDON", r#"["@", "dlv_$2", "wedged", "why", 5]"#),
    ("deliveries::OF_CONVERSATION", r#"["@", "cnv_$", 10]"#),
    ("deliveries::ADD_CLAIMED_VERDICT", r#"["@", "dlv_$2", "lease", "vdt_new", "allow", "{}", 9]"#),
    ("deliveries::ADD_VERDICT", r#"["vdt_new", "@", "cnv_$", 1, "allow", "{}", 1]"#),
    ("deliveries::VERDICTS", r#"["@", "cnv_$", 10]"#),
    ("deliveries::BETWEEN", r#"["@", "cnv_$", 0, 10]"#),
    ("deliveries::VERDICTS_BETWEEN", r#"["@", "cnv_$", 0, 10]"#),
    ("deliveries::HELD", r#"["@", "cnv_$", 0, 99, 10]"#),
    ("deliveries::SUPPRESS", r#"["@", "phone", "new_$", "why", 1]"#),
    ("deliveries::SUPPRESS_REPORTED", r#"["@", "dlv_$2", "new_$", "why", "sending", 1]"#),
    ("deliveries::SUPPRESSED", r#"["@", "phone", "hash_$"]"#),
    ("erasures::ERASED_AT", r#"["@", "ctc_$4"]"#),
    ("erasures::EVENTS", r#"["@", "cnv_$", "{}", "erased:00000000000000000000000000000000"]"#),
    ("erasures::CONVERSATION", r#"["@", "cnv_$", 1]"#),
    ("erasures::DELIVERIES", r#"["@", "cnv_$", "{}", "erased:0"]"#),
    ("erasures::VERDICTS", r#"["@", "cnv_$"]"#),
    ("erasures::PLANNED", r#"["@", "cnv_$"]"#),
    ("erasures::RUNS", r#"["@", "cnv_$"]"#),
    ("erasures::MAIL_IDS", r#"["@", "cnv_$"]"#),
    ("erasures::ARRIVALS", r#"["@", "end_$", "vis_$"]"#),
    ("erasures::MAIL_ARRIVALS", r#"["@", "cnv_$", "end_$"]"#),
    ("erasures::NAMELESS_ARRIVALS", r#"["@", "cnv_$", "end_$"]"#),
    ("erasures::CLAIMS", r#"["@", "phone", "+$"]"#),
    ("erasures::HANDLE", r#"["@", "phone", "+$", "erased:0"]"#),
    (
        "erasures::CONSENT",
        r#"["@", "phone", "+$", 1, "erased:00000000000000000000000000000000", "{\"erased\":\"0000000000000000000000000000000000000000000000000000000000000000\"}"]"#,
    ),
    ("erasures::FACTS", r#"["@", "ctc_$"]"#),
    ("erasures::TAGS", r#"["@", "ctc_$"]"#),
    ("erasures::FIELDS", r#"["@", "ctc_$"]"#),
    ("erasures::FORMER_HANDLES", r#"["@", "ctc_$"]"#),
    ("erasures::CALL_OFF", r#"["@", "ctc_$", 5]"#),
    ("erasures::APPOINTMENTS", r#"["@", "ctc_$", "{}", "erased:0"]"#),
    ("erasures::MERGES_INTO", r#"["@", "ctc_$"]"#),
    ("erasures::MERGES_FROM", r#"["@", "ctc_$"]"#),
    ("erasures::CONTACTS", r#"["@", "ctc_$", 5]"#),
    ("erasures::SANDBOX", r#"["@", "+$"]"#),
    ("erasures::SILENT", r#"["@", 99, 10]"#),
    ("erasures::NOTICES", r#"["@", "g_$"]"#),
    ("handles::REASSIGN", r#"["@", "phone", "+$", "ctc_$", "ctc_$3", 5]"#),
    ("handles::FORMER", r#"["@", "ctc_$", "phone", "+$", 5, "Sam"]"#),
    ("handles::SHARE", r#"["@", "phone", "+$", 1]"#),
    ("fields::OF_CONTACT", r#"["@", "ctc_$"]"#),
    ("fields::PUT", r#"["@", "ctc_$", "new", "L", 1, "Sam"]"#),
    ("fields::DROP", r#"["@", "ctc_$", "size"]"#),
    ("fields::FORGET", r#"["@", "ctc_$", "budget", "evt_$", 5, "Sam"]"#),
    ("events::APPEND", r#"["@", "cnv_$", 2, "evt_new", 1, "sms", "+$", "\"contact\"", "{}"]"#),
    ("events::RECENT", r#"["@", "ctc_$", 10]"#),
    ("events::RECENT_OF_CONVERSATION", r#"["@", "cnv_$", 10]"#),
    ("events::AFTER", r#"["@", "cnv_$", 0, 10]"#),
    ("events::BEFORE", r#"["@", "cnv_$", 9, 10]"#),
    ("events::AFTER_ON_LINE", r#"["@", "cnv_$", 0, "+$", 0]"#),
    ("events::ARRIVE", r#"["end_$", "ext_new", "@", "cnv_$", 1, 1]"#),
    ("events::ARRIVED", r#"["end_$", "ext_$", "@"]"#),
    ("events::ADD_MAIL_ID", r#"["@", "mid_new", "cnv_$", 1]"#),
    ("events::MAIL_IDS", r#"["@", "cnv_$", "+$"]"#),
    ("events::BY_REPLY_TOKEN", r#"["@", "cnv_$"]"#),
    ("events::BY_MAIL_ID", r#"["@", "mid_$"]"#),
    ("events::LATEST", r#"["@", 10]"#),
    ("knowledge::DIGEST", r#"["@"]"#),
    ("knowledge::NOTE", r#"["@", "digest"]"#),
    ("knowledge::DROP", r#"["@"]"#),
    ("knowledge::ADD", r#"["@", "new.md", "New", "New", "new"]"#),
    ("knowledge::SEARCH", r#"["@", "\"brakes_$\"", 10]"#),
    ("webhooks::OF_SITE", r#"["@"]"#),
    ("webhooks::ONE", r#"["@", "whk_$"]"#),
    ("webhooks::ADD", r#"["@", "whk_new", "https://$.example", " webhook.test ", "on", 1]"#),
    ("webhooks::CHANGE", r#"["@", "whk_$", "https://$.example/2", " contact.created ", "off", null]"#),
    ("webhooks::REMOVE", r#"["@", "whk_$"]"#),
    ("webhooks::REMOVE_SENDS", r#"["@", "whk_$"]"#),
    (
        "webhooks::ENQUEUE",
        r#"["@", "[{\"id\":\"evt_new\",\"kind\":\"message.sent\",\"contact\":\"ctc_$\",\"conversation\":\"cnv_$\",\"seq\":2}]", 5]"#,
    ),
    ("webhooks::ADD_SEND", r#"["@", "whk_$", "evt_new", "webhook.test", 5]"#),
    ("webhooks::LOG", r#"["@", "whk_$", 0, 10]"#),
    ("webhooks::REPLAY", r#"["@", "whk_$", "evt_$1", 5]"#),
    ("webhooks::CLAIM", r#"["@", "whk_$", "evt_$1", "lease", 9, 5]"#),
    ("webhooks::SETTLE", r#"["@", "whk_$", "evt_$2", "lease", "sent", 204, null, 5]"#),
    ("webhooks::WORKS", r#"["@", "whk_$"]"#),
    ("webhooks::FAILS", r#"["@", "whk_$", 9, 5, 0]"#),
    ("webhooks::PRUNE", r#"["@", "whk_$", 9]"#),
    ("notices::ADD", r#"["@", "ntc_new", null, "handoff", "email", "jo@$", "Hi", "hi", "g_$", 1, 1]"#),
    ("notices::WITHDRAW", r#"["@", "g_$", "why"]"#),
    ("notices::DROP_REMOVED", r#"["@", "ntc_$3"]"#),
    ("notices::CLAIM", r#"["@", "ntc_$1", "lease", 9, 5]"#),
    ("notices::SETTLE", r#"["@", "ntc_$2", "lease", "sent", null, "prv", 1]"#),
    ("notices::ABANDON", r#"["@", "ntc_$2", "wedged", "why", 5]"#),
    ("planned::ADD", r#"["pln_new", "@", "cnv_$", "{}", 1, 1]"#),
    ("planned::WAITING", r#"["@", "cnv_$", 10]"#),
    ("planned::ALL_WAITING", r#"["@", "cnv_$", 10]"#),
    ("planned::PLANNED", r#"["@", "pln_$"]"#),
    ("planned::OF_DELIVERY", r#"["@", "dlv_$2"]"#),
    ("planned::UNTIL", r#"["@", "ctc_$", 9, 10]"#),
    ("planned::PASS", r#"["@", "cnv_$", "cnv_$2"]"#),
    ("planned::END", r#"["@", "pln_$", "said", null, null, 1]"#),
    ("planned::PUT_OFF", r#"["@", "pln_$", 9, "why", 1]"#),
    ("runs::PUT", r#"["@", "cnv_$", "cold-lead", "apt_$1", 1, "1", 9, "running", null, "{}", 1]"#),
    ("runs::PUT", r#"["@", "cnv_$", "cold-lead", "", 2, "2", 9, "ended", "why", "{}", 1]"#),
    ("runs::ONE", r#"["@", "cnv_$", "cold-lead", ""]"#),
    ("runs::OF_CONVERSATION", r#"["@", "cnv_$"]"#),
    ("runs::WAITING", r#"["@", "cnv_$", 10]"#),
    ("runs::RUNNING", r#"["@", "cnv_$", 10]"#),
    ("runs::PASS", r#"["@", "cnv_$", "cnv_$2"]"#),
    ("runs::OF_CONTACT", r#"["@", "ctc_$", 10]"#),
    ("merges::ADD", r#"["@", "mrg_new", "ctc_$3", "ctc_$", 1, "", "{}", "{}"]"#),
    ("merges::OF_NAME", r#"["@", "Bo $"]"#),
    ("merges::PATH", r#"["@", "ctc_$2"]"#),
    ("merges::OF_CONTACT", r#"["@", "ctc_$", 10]"#),
    ("merges::JOINED_AT", r#"["@", "cnv_$"]"#),
    ("merges::UNDO", r#"["@", "mrg_$", 5, "Sam"]"#),
    ("merges::OWN", r#"["@", "ctc_$2"]"#),
    ("merges::SET_CONTACT", r#"["@", "ctc_$", "Ana", null, null]"#),
    ("merges::PART", r#"["@", "ctc_$2"]"#),
    ("merges::PART_HANDLES", r#"["@", "ctc_$"]"#),
    ("merges::PASS_PLANNED_BACK", r#"["@", "cnv_$", "cnv_$2", "ctc_$2"]"#),
    ("merges::PASS_RUNS_BACK", r#"["@", "cnv_$", "cnv_$2", "ctc_$2"]"#),
    ("merges::GIVE_FACTS", r#"["@", "ctc_$", "ctc_$3"]"#),
    ("merges::GIVE_TAGS", r#"["@", "ctc_$", "ctc_$3"]"#),
    ("merges::GIVE_APPOINTMENTS", r#"["@", "ctc_$", "ctc_$3", "cnv_$"]"#),
    ("merges::GIVE_HANDLES", r#"["@", "ctc_$", "ctc_$3", "[]"]"#),
    ("merges::TAGS", r#"["@", "ctc_$"]"#),
    ("merges::PUT_TAG_BACK", r#"["@", "ctc_$", "ctc_$2", "new", 1]"#),
    ("merges::KEEP_APART", r#"["@", "ctc_$2", "ctc_$3", 1, "Sam"]"#),
    ("merges::IS_APART", r#"["@", "ctc_$", "ctc_$3"]"#),
    ("merges::DROP_APART", r#"["@", "ctc_$", "ctc_$3"]"#),
    ("sandbox::ADD", r#"["sbx_new", "@", "sms", "+$", "+$", null, "hi", null, null, 1]"#),
    ("tags::OF_CONTACT", r#"["@", "ctc_$"]"#),
    ("tags::OF_CONVERSATION", r#"["@", "cnv_$"]"#),
    ("tags::ADD", r#"["@", "ctc_$", "new", 1]"#),
    ("tags::DROP", r#"["@", "ctc_$", "vip_$"]"#),
    ("digests::SINCE", r#"["@"]"#),
    ("digests::DONE", r#"["@", 5, 5]"#),
    ("digests::NEWS", r#"["@", "open", 0, 10]"#),
    ("digests::TAKE", r#"["@", "cnv_$", 0, 1]"#),
    ("digests::COUNT", r#"["@", "[{\"day\":\"2026-11-23\",\"name\":\"talks\",\"count\":1}]"]"#),
    ("digests::COUNTED", r#"["@", "2026-11-23", "2026-11-23"]"#),
    ("digests::BY_DAY", r#"["@", "2026-11-23", "2026-11-23"]"#),
    ("digests::REVIEW", r#"["@", "cnv_new", 1, "unsure", 1]"#),
    ("search::ADD_ENTRIES", r#"["@", "cnv_$4", "[{\"seq\":1,\"subject\":\"\",\"text\":\"a\"}]"]"#),
    ("search::ADD_WORDS", r#"["@", "cnv_$", "[{\"seq\":1,\"subject\":\"\",\"text\":\"a\"}]", "s$"]"#),
    ("search::SAID", r#"["@", "text : \"brakes\"", 10]"#),
    ("search::STALE", r#"["@", 10]"#),
    ("search::DROP_PEOPLE_WORDS", r#"["@", "[{\"contact\":\"ctc_$\"}]"]"#),
    ("search::DROP_PEOPLE", r#"["@", "[{\"contact\":\"ctc_$\"}]"]"#),
    ("search::ADD_PEOPLE", r#"["@", "[{\"contact\":\"ctc_$4\",\"name\":\"a\"}]"]"#),
    ("search::ADD_PEOPLE_WORDS", r#"["@", "[{\"contact\":\"ctc_$\",\"name\":\"a\"}]", "s$"]"#),
    ("search::FRESH", r#"["@", "[{\"contact\":\"ctc_$\",\"n\":1}]"]"#),
    ("search::PEOPLE", r#"["@", "address : \"555\"", 10]"#),
    ("files::ADD", r#"["@", "fil_new", "cnv_$", "", "a.png", "image/png", 9, "00", 5, null, 6]"#),
    ("files::SEND", r#"["@", "fil_$", "cnv_$", 2]"#),
    ("files::ONE", r#"["@", "fil_$"]"#),
    ("files::NAMED", r#"["@", "[\"fil_$\"]"]"#),
    ("files::OF_CONVERSATION", r#"["@", "cnv_$", 10]"#),
    ("files::ERASE", r#"["@", "cnv_$"]"#),
    ("files::CLOSE", r#"["@", "fil_$", 9]"#),
    ("files::REMOVE", r#"["@", "fil_$", 9]"#),
    ("canned::PUT", r#"["@", "bye", "Bye {name}", 1]"#),
    ("canned::ALL_OF_SITE", r#"["@", 10]"#),
    ("canned::DROP", r#"["@", "hello_$"]"#),
    ("taught::PUT", r#"["@", "tgt_new", "q", "a", "Jun", 1]"#),
    ("taught::ALL_OF_SITE", r#"["@", 10]"#),
    ("taught::DROP", r#"["@", "tgt_$"]"#),
    ("taught::DROP_PASSAGE", r#"["@", "a_$.md"]"#),
    ("taught::ADD_PASSAGE", r#"["@", "taught/tgt_new", "q", "a"]"#),
    ("taught::NOTE", r#"["@"]"#),
    ("taught::REVIEWS", r#"["@", 99, "~", 0, 10]"#),
    ("taught::REVIEWED", r#"["@", "cnv_$", 1, "Jun"]"#),
    ("work::AT_STAGE", r#"["@", "open", 99, "~", 10]"#),
    ("work::ASSIGNED", r#"["@", "Jun", 99, "~", 10]"#),
    ("work::WAITING", r#"["@", -1, "", 10]"#),
    ("work::UNASSIGNED", r#"["@", -1, "", 10]"#),
    ("work::PROMISED", r#"["@", -1, "", 10]"#),
    ("work::NOT_DELIVERED", r#"["@", 99, "~", 10]"#),
    ("work::COUNTS", r#"["@", "Jun", 10]"#),
    ("work::CARDS", r#"["@", "[\"cnv_$\"]"]"#),
    ("work::DEAL_WITH", r#"["@", "cnv_$"]"#),
    ("work::ROUNDS", r#"["@", "[\"Jun\"]", 10]"#),
    ("work::PUT_ROUNDS", r#"["@", 2, "{}"]"#),
    ("sources::OF_SITE", r#"["@", 10]"#),
    ("sources::PASSAGES", r#"["@", "pages/$"]"#),
    ("sources::PUT", r#"["@", "own/new", "own", "New", 1, "[]", null, 5, "Jo"]"#),
    ("sources::DROP", r#"["@", "pages/$"]"#),
    ("sources::DROP_FILES", r#"["@"]"#),
    ("sources::DROP_PASSAGES", r#"["@", "a_$.md"]"#),
    ("sources::DROP_OLD_PAGES", r#"["@", 9]"#),
    ("sources::DROP_OLD_PASSAGES", r#"["@"]"#),
    ("sources::NOTE", r#"["@"]"#),
    ("crawls::BEGIN", r#"["@", "https://$.example", "Jo", 5]"#),
    ("crawls::ONE", r#"["@"]"#),
    ("crawls::CLAIM", r#"["@", 9, 99]"#),
    ("crawls::SAVE", r#"["@", 1, "done", "[]", 1, "[]", null, 9]"#),
    ("crawls::STOP", r#"["@", 9]"#),
    ("sites::CHANGE", r#"["@", "{}", 1, "{}", 5]"#),
    ("sites::DROP_ENDPOINTS", r#"["@"]"#),
    ("sites::ADD_ENDPOINT", r#"["end_new", "@", "email", "new@$"]"#),
];

fn short(path: &'static str) -> &'static str {
    path.strip_prefix("shared::store::").unwrap()
}

fn run(db: &Sqlite, sql: &'static str, args: Vec<Arg>) -> Result<Answer, shared::store::DbError> {
    db.run(&Stmt { sql, args })
}

/// A database with the same kinds of rows of two sites, `a` and `b`.
fn of_two_sites() -> Sqlite {
    let db = Sqlite::in_memory().unwrap();
    for letter in ["a", "b"] {
        for sql in ROWS {
            // A test's texts may live as long as the test.
            let sql: &'static str = Box::leak(sql.replace('$', letter).into_boxed_str());
            run(&db, sql, Vec::new()).unwrap();
        }
    }
    db
}

/// Everything that is site a's.
fn rows_of_a(db: &Sqlite) -> Vec<(String, Answer)> {
    const TABLES: &str = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) c
        WHERE m.type = 'table' AND c.name = 'site_id' ORDER BY m.name";
    let tables = run(db, TABLES, Vec::new()).unwrap().rows;
    let names = tables.iter().map(|row| row.get("name").unwrap().as_str().unwrap().to_owned());
    names
        .map(|name| {
            let sql: &'static str =
                Box::leak(format!("SELECT * FROM {name} WHERE site_id = 'ste_a'").into_boxed_str());
            let rows = run(db, sql, Vec::new()).unwrap();
            (name, rows)
        })
        .collect()
}

/// The arguments of the table, asked by one site for the rows of site a.
fn args(text: &str, asking: &str) -> Vec<Arg> {
    let values: Vec<Value> = serde_json::from_str(text).unwrap();
    let arg = |value: Value| match value {
        Value::Null => Arg::Null,
        Value::Number(number) => Arg::Int(number.as_i64().unwrap()),
        Value::String(text) if text == "@" => Arg::Text(format!("ste_{asking}")),
        Value::String(text) => Arg::Text(text.replace('$', "a")),
        other => panic!("{other}"),
    };
    values.into_iter().map(arg).collect()
}

#[test]
fn invariant_15_every_statement_has_its_arguments_or_its_reason_not_to_name_a_site() {
    let known: BTreeSet<&str> =
        ASKED.iter().map(|(name, _)| *name).chain(OF_NO_SITE.iter().copied()).collect();
    let all: BTreeSet<&str> = all_statements().into_iter().map(|(path, _)| short(path)).collect();
    assert_eq!(all.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new(), "not in the tables above");
    assert_eq!(known.difference(&all).collect::<Vec<_>>(), Vec::<&&str>::new(), "no such statement");
}

#[test]
fn invariant_15_no_statement_finds_or_changes_a_row_of_another_site() {
    let statements = all_statements();
    let kinds = rows_of_a(&of_two_sites());
    assert!(kinds.len() > 14 && kinds.iter().all(|(_, rows)| !rows.rows.is_empty()), "{kinds:?}");
    for (name, asked) in ASKED {
        let (_, sql) = statements.iter().find(|(path, _)| short(path) == *name).unwrap();
        // The site itself finds or changes something: otherwise what follows would prove nothing.
        let db = of_two_sites();
        let own = run(&db, sql, args(asked, "a")).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!own.rows.is_empty() || own.changes > 0, "{name} hits nothing of its own site");
        let db = of_two_sites();
        let before = rows_of_a(&db);
        // What the other site adds is its own row, or refused; nothing of this site is told or touched.
        let foreign = run(&db, sql, args(asked, "b"));
        assert_eq!(rows_of_a(&db), before, "{name}");
        let Ok(foreign) = foreign else { continue };
        if OF_THE_WHOLE_SITE.contains(name) {
            assert!(
                foreign.rows.iter().all(|row| ![
                    "cnv_a", "ctc_a", "digest_a", "given_a", "agt_a", "aud_a", "tok_a", "hello_a", "tgt_a",
                    "whk_a"
                ]
                .iter()
                .any(|own| format!("{row:?}").contains(own))),
                "{name}: {foreign:?}"
            );
        } else if !sql.starts_with("INSERT") {
            assert_eq!((foreign.rows, foreign.changes), (Vec::new(), 0), "{name}");
        }
    }
}

#[test]
fn no_statement_walks_a_table() {
    let db = Sqlite::in_memory().unwrap();
    let mut walks = BTreeSet::new();
    for (path, sql) in all_statements() {
        let name = short(path);
        let plan = db.explain(sql).unwrap_or_else(|error| panic!("{name}: {error}"));
        // What a query inside another gives is walked as it comes; how it is found is a line of its own.
        let walked = |line: &String| line.starts_with("SCAN") && !line.starts_with("SCAN (subquery");
        walks.extend(plan.into_iter().filter(walked).map(|line| (name, line)));
    }
    let allowed = WALKED.iter().map(|(name, line, _)| (*name, (*line).to_owned())).collect();
    assert_eq!(walks, allowed);
}

#[test]
fn what_is_due_is_found_in_an_index_alone() {
    let db = Sqlite::in_memory().unwrap();
    let due = [
        "conversations::OWING",
        "conversations::PROMISED",
        "deliveries::DUE",
        "notices::DUE",
        "planned::DUE",
        "runs::DUE",
        "webhooks::DUE",
        "work::AWAKE",
    ];
    for (path, sql) in all_statements().into_iter().filter(|(path, _)| due.contains(&short(path))) {
        let plan = db.explain(sql).unwrap();
        assert!(plan.iter().all(|line| line.contains("USING COVERING INDEX")), "{path}: {plan:?}");
    }
}

#[test]
fn every_view_of_the_list_is_read_from_its_index_in_order_and_from_nothing_else() {
    let db = Sqlite::in_memory().unwrap();
    let views = [
        ("work::AT_STAGE", "conversations_recent (site_id=? AND progress=? AND (updated_at_ms,id)<(?,?))"),
        ("work::ASSIGNED", "conversations_assigned (site_id=? AND assigned=? AND (updated_at_ms,id)<(?,?))"),
        ("work::WAITING", "conversations_waiting (site_id=? AND (waits_since_ms,id)>(?,?))"),
        ("work::UNASSIGNED", "conversations_unassigned (site_id=? AND (waits_since_ms,id)>(?,?))"),
        ("work::PROMISED", "conversations_promises (site_id=? AND (promised_by_ms,id)>(?,?))"),
        (
            "work::NOT_DELIVERED",
            "conversations_not_delivered (site_id=? AND not_delivered_at_ms>? AND (not_delivered_at_ms,id)<(?,?))",
        ),
    ];
    let statements = all_statements();
    for (name, by) in views {
        let (_, sql) = statements.iter().find(|(path, _)| short(path) == name).unwrap();
        let plan = db.explain(sql).unwrap();
        assert_eq!(plan, [format!("SEARCH conversations USING COVERING INDEX {by}")], "{name}");
    }
}

#[test]
fn what_waits_for_an_address_is_found_by_the_address() {
    let db = Sqlite::in_memory().unwrap();
    let by_address = ["deliveries::CANCEL_TO", "deliveries::CANCEL_PURPOSE"];
    for (path, sql) in all_statements().into_iter().filter(|(path, _)| by_address.contains(&short(path))) {
        let plan = db.explain(sql).unwrap();
        assert!(plan.iter().any(|line| line.contains("deliveries_pending_to")), "{path}: {plan:?}");
    }
}

#[test]
fn only_lists_of_a_site_walk_its_rows() {
    /// The timeline view's list is of the whole site, so are its open promises (an index of nothing else); a site has one
    /// digest, few endpoints, a small team, which every load of the site brings along, and few tokens.
    const LISTS: &[&str] = &[
        "agents::OF_SITE",
        "agents::OWNERLESS",
        "sites::SITE",
        "sites::SITES",
        "sites::SITE_BY_ADDRESS",
        "sites::SITE_BY_ENDPOINT",
        "tokens::OF_SITE",
        "alerts::STAFF",
        "conversations::PROMISES",
        "knowledge::DIGEST",
        "sites::DROP_ENDPOINTS",
        // Whether it has endpoints.
        "sites::PUT_SITE",
        // A site has one row of it.
        "digests::DONE",
        "digests::SINCE",
        // An index of nothing but what is to be done, up to a limit.
        "search::STALE",
        // All there is, up to a limit.
        "canned::ALL_OF_SITE",
        "taught::ALL_OF_SITE",
        "sources::OF_SITE",
        // A site has one.
        "crawls::CLAIM",
        "crawls::ONE",
        "crawls::SAVE",
        "crawls::STOP",
        // What an import, or reading the site's pages, takes the place of.
        "sources::DROP_FILES",
        "sources::DROP_OLD_PAGES",
        "sources::DROP_OLD_PASSAGES",
        // Counted up to a limit, each in an index of nothing else; a site has one row of turns.
        "work::COUNTS",
        "work::ROUNDS",
        // A site has five webhooks at most.
        "webhooks::ENQUEUE",
        "webhooks::OF_SITE",
    ];
    let db = Sqlite::in_memory().unwrap();
    for (path, sql) in all_statements() {
        let name = short(path);
        for line in db.explain(sql).unwrap() {
            assert!(LISTS.contains(&name) || !line.ends_with("(site_id=?)"), "{name}: {line}");
        }
    }
}
