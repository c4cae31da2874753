//! The team: who comes in, what becomes of whom, and what is noted of it.

use shared::{
    api::{
        access::{Asker, allow},
        me::Role,
        routes::{OPERATIONS, Op},
        scope::ApiScope,
        team::{Agent, AgentChange, Invitation, TokenWish},
    },
    audit::Act,
    channel::Channel,
    command::{Command, FloorWish},
    error::Rejection,
    flow::{self, FlowError, Scope, agents, audit::load_audit, door as entry, sign_in, tokens},
    id::AgentId,
    time::{HOUR_MS, MINUTE_MS},
};

use super::{OWNER, agent, asks, door, link, signs_in, world};
use crate::world::{World, now, web};

const KIM: &str = "kim@larkspur.example";

fn act() -> Act {
    let text = |text: &str| text.to_owned();
    Act { agent: text("Wren"), act: text("agent_invite"), subject: String::new(), detail: String::new() }
}

fn invites(
    world: &mut World,
    asker: &Asker,
    email: &str,
    name: &str,
    role: Role,
) -> Result<Agent, FlowError> {
    let wish = Invitation { email: email.into(), name: name.into(), role };
    let (mut ctx, act) = (world.ctx.clone(), act());
    let scope = Scope { act: Some(&act), ..world.scope() };
    let invited = now(agents::invite(scope, &mut ctx, (asker, "Wren"), &wish));
    world.ctx = ctx;
    let (agent, effects) = invited?;
    world.note(effects);
    world.settle();
    Ok(agent)
}

fn changes(world: &World, asker: &Asker, id: &AgentId, role: Role) -> Result<Agent, FlowError> {
    let wish = AgentChange { name: None, role: Some(role) };
    now(agents::change(world.scope(), &mut world.ctx.clone(), asker, id, &wish))
}

fn removes(world: &World, asker: &Asker, id: &AgentId) -> Result<(), FlowError> {
    now(agents::remove(world.scope(), &mut world.ctx.clone(), asker, id))
}

fn code<T: std::fmt::Debug>(result: Result<T, FlowError>) -> &'static str {
    match result {
        Err(FlowError::Rejected(Rejection { code, .. })) => code,
        other => panic!("{other:?}"),
    }
}

fn owner(world: &mut World) -> Asker {
    let cookie = signs_in(world, OWNER);
    agent(world, &cookie).unwrap()
}

fn id_of(asker: &Asker) -> AgentId {
    let Asker::Agent { id, .. } = asker else { panic!("{asker:?}") };
    id.clone()
}

/// The site as it is loaded now.
fn reloaded(world: &World) -> shared::site::Site {
    now(shared::store::sites::load_site(&world.db, &world.site.id)).unwrap().unwrap()
}

#[test]
fn somebody_is_invited_by_mail_signs_in_and_may_promise_and_answer() {
    let mut world = world(20);
    let wren = owner(&mut world);
    let invited = invites(&mut world, &wren, KIM, "Kim Rowan", Role::Agent).unwrap();
    let mail = world.sandbox(KIM).into_iter().next().unwrap();
    assert!(
        mail.text.contains("Wren invites you") && mail.text.contains("https://edge.example/inbox/sign-in")
    );
    assert!(!reloaded(&world).has_member("Kim Rowan"), "not before they came");
    let cookie = signs_in(&mut world, KIM);
    let Some(Asker::Agent { id, role, .. }) = agent(&world, &cookie) else { panic!("nobody") };
    assert_eq!((id, role), (invited.id, Role::Agent));
    let site = reloaded(&world);
    assert!(site.has_member("Kim Rowan") && site.has_member("Wren"), "{:?}", site.team);
    world.site = site;
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.settle();
    let (conversation, mut ctx) = (world.conversation(&web(&visitor)).id, world.ctx.clone());
    let floor = Command::Floor(conversation, FloorWish { by: "Kim Rowan".into(), take: true, force: false });
    now(flow::handle(world.scope(), &mut ctx, &floor)).unwrap();
}

#[test]
fn whoever_only_reads_is_nobody_who_answers() {
    let mut world = world(21);
    let wren = owner(&mut world);
    invites(&mut world, &wren, KIM, "Kim Rowan", Role::ReadOnly).unwrap();
    signs_in(&mut world, KIM);
    assert!(!reloaded(&world).has_member("Kim Rowan"));
}

#[test]
fn whoever_is_removed_is_out_at_once_and_may_be_invited_again() {
    let mut world = world(22);
    let wren = owner(&mut world);
    let kim = invites(&mut world, &wren, KIM, "Kim Rowan", Role::Admin).unwrap();
    let cookie = signs_in(&mut world, KIM);
    asks(&mut world, KIM);
    let open = link(&world, KIM);
    removes(&world, &wren, &kim.id).unwrap();
    assert_eq!(agent(&world, &cookie), None);
    assert!(!reloaded(&world).has_member("Kim Rowan"));
    assert_eq!(super::enters(&mut world, &open), Err(sign_in::Refused::NoTeam), "a link that was on its way");
    let before = world.sandbox(KIM).len();
    asks(&mut world, KIM);
    assert_eq!(world.sandbox(KIM).len(), before, "no link any more");
    assert_eq!(code(removes(&world, &wren, &kim.id)), "unknown_agent");
    let again = invites(&mut world, &wren, KIM, "Kim Rowan", Role::Agent).unwrap();
    assert_eq!(again.id, kim.id);
    let cookie = signs_in(&mut world, KIM);
    assert!(agent(&world, &cookie).is_some());
}

#[test]
fn nobody_reaches_above_themselves_and_the_last_owner_stays() {
    let mut world = world(23);
    let wren = owner(&mut world);
    let kim = invites(&mut world, &wren, KIM, "Kim", Role::Admin).unwrap();
    let cookie = signs_in(&mut world, KIM);
    let admin = agent(&world, &cookie).unwrap();
    assert_eq!(code(invites(&mut world, &admin, "a@b.example", "Ana", Role::Owner)), "not_allowed");
    assert_eq!(code(changes(&world, &admin, &kim.id, Role::Owner)), "not_allowed");
    assert_eq!(code(removes(&world, &admin, &id_of(&wren))), "not_allowed");
    assert_eq!(code(removes(&world, &wren, &id_of(&wren))), "last_owner");
    assert_eq!(code(changes(&world, &wren, &id_of(&wren), Role::Admin)), "last_owner");
    changes(&world, &wren, &kim.id, Role::Owner).unwrap();
    removes(&world, &wren, &id_of(&wren)).unwrap();
    let kims = agent(&world, &cookie).unwrap();
    assert_eq!(code(removes(&world, &kims, &kim.id)), "last_owner");
}

#[test]
fn a_name_and_a_mailbox_are_one_persons() {
    let mut world = world(24);
    let wren = owner(&mut world);
    invites(&mut world, &wren, KIM, "Kim", Role::Agent).unwrap();
    assert_eq!(code(invites(&mut world, &wren, "a@b.example", "KIM", Role::Agent)), "name_taken");
    assert_eq!(code(invites(&mut world, &wren, "nobody", "Ana", Role::Agent)), "bad_address");
    assert_eq!(code(invites(&mut world, &wren, OWNER, "Ana", Role::Agent)), "already_member");
    // Once more, with another role: the mail may have been lost.
    invites(&mut world, &wren, KIM, "Kim", Role::Admin).unwrap();
    assert_eq!(world.sandbox(KIM).len(), 2);
    assert_eq!(now(agents::load_agents(world.scope())).unwrap().agents.len(), 2);
}

#[test]
fn everything_people_do_is_noted_with_it_and_nothing_that_was_refused() {
    let mut world = world(25);
    let wren = owner(&mut world);
    let kim = invites(&mut world, &wren, KIM, "Kim", Role::Agent).unwrap();
    code(invites(&mut world, &wren, KIM, "", Role::Agent));
    let visitor = world.visitor();
    world.says(&visitor, "Hello").unwrap();
    world.settle();
    world.site = reloaded(&world);
    let (conversation, mut ctx) = (world.conversation(&web(&visitor)).id, world.ctx.clone());
    let noted = Act { act: "floor_take".into(), subject: "ctc_1".into(), ..act() };
    let scope = Scope { act: Some(&noted), ..world.scope() };
    let floor =
        Command::Floor(conversation.clone(), FloorWish { by: "Wren".into(), take: true, force: false });
    now(flow::handle(scope, &mut ctx, &floor)).unwrap();
    let nobody = Command::Floor(conversation, FloorWish { by: "Nobody".into(), take: true, force: false });
    assert!(now(flow::handle(scope, &mut ctx, &nobody)).is_err());
    let log = now(load_audit(world.scope(), None)).unwrap();
    let lines: Vec<_> = log
        .lines
        .iter()
        .rev()
        .map(|line| (line.agent.as_str(), line.act.as_str(), line.subject.as_str()))
        .collect();
    let own = id_of(&wren);
    let expected = [
        ("Wren", "agent_became_owner", own.as_str()),
        ("Wren", "agent_invite", kim.id.as_str()),
        ("Wren", "floor_take", "ctc_1"),
    ];
    for line in expected {
        assert!(lines.contains(&line), "{line:?} is missing in {lines:?}");
    }
    assert_eq!((lines.len(), log.next), (3, None));
    for sql in ["DELETE FROM audit", "UPDATE audit SET agent = 'x'"] {
        let refused = world.db.run(&shared::store::Stmt { sql, args: Vec::new() }).unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{refused}");
    }
}

#[test]
fn the_log_is_read_page_by_page() {
    let mut world = world(26);
    let site = world.site.id.clone();
    for n in 0..250 {
        // Some of them at the same moment.
        world.ctx.now = world.ctx.now.plus_ms(i64::from(n % 3 == 0));
        let id = shared::id::AuditId::mint(&mut world.ctx);
        let act = Act { subject: n.to_string(), ..act() };
        world.db.run(&shared::store::audit::add(&site, &id, &act, world.ctx.now)).unwrap();
    }
    let (mut cursor, mut seen) = (None, Vec::new());
    loop {
        let page = now(load_audit(world.scope(), cursor.as_deref())).unwrap();
        seen.extend(page.lines.into_iter().map(|line| line.id));
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut sorted = seen.clone();
    sorted.sort();
    sorted.dedup();
    assert_eq!((seen.len(), sorted.len()), (250, 250));
    assert_eq!(code(now(load_audit(world.scope(), Some("nonsense")))), "bad_cursor");
}

#[test]
fn a_token_opens_what_it_was_made_for_until_it_ends() {
    let mut world = world(27);
    let wren = owner(&mut world);
    let mut ctx = world.ctx.clone();
    let wish = TokenWish { name: "Shop".into(), scopes: vec![ApiScope::ContactsRead] };
    let made = now(tokens::make(world.scope(), &mut ctx, (&wren, "Wren"), wish)).unwrap();
    world.ctx = ctx;
    let opens = |world: &World, secret: &str| now(entry::program(door(world), &world.ctx, secret)).unwrap();
    let program = opens(&world, &made.secret).unwrap();
    let operation = |op: Op| OPERATIONS.iter().find(|it| it.op == op).unwrap();
    assert_eq!(allow(&program, operation(Op::ContactLog), &world.site.id), Ok(()));
    assert_eq!(allow(&program, operation(Op::TagAdd), &world.site.id).unwrap_err().code, "not_allowed");
    assert_eq!(opens(&world, "tl_0000"), None);
    let used = |world: &World| now(tokens::load_tokens(world.scope())).unwrap().tokens[0].used_at.unwrap();
    let first = used(&world);
    world.ctx.now = world.ctx.now.plus_ms(30 * MINUTE_MS);
    opens(&world, &made.secret);
    assert_eq!(used(&world), first, "noted once an hour");
    world.ctx.now = world.ctx.now.plus_ms(HOUR_MS);
    opens(&world, &made.secret);
    assert_eq!(used(&world), world.ctx.now);
    now(tokens::end(world.scope(), &mut world.ctx.clone(), &made.token.id)).unwrap();
    assert_eq!(opens(&world, &made.secret), None);
}

#[test]
fn a_program_cannot_make_itself_more_than_it_is() {
    let mut world = world(28);
    owner(&mut world);
    let program = Asker::Token {
        site: world.site.id.clone(),
        name: "Shop".into(),
        scopes: vec![ApiScope::SettingsWrite, ApiScope::TeamWrite],
    };
    let makes = |scopes: Vec<ApiScope>| {
        let wish = TokenWish { name: "More".into(), scopes };
        now(tokens::make(world.scope(), &mut world.ctx.clone(), (&program, "token Shop"), wish))
    };
    assert_eq!(code(makes(vec![ApiScope::TeamWrite, ApiScope::ContactsRead])), "not_allowed");
    assert_eq!(code(makes(Vec::new())), "no_scopes");
    assert!(makes(vec![ApiScope::TeamWrite]).is_ok());
    assert_eq!(code(invites(&mut world, &program, KIM, "Kim", Role::Admin)), "not_allowed");
    assert!(world.site.endpoint_on(Channel::Email).is_some());
}
