//! The Desk: one Durable Object per site, where its team's inboxes listen.
//!
//! It tells which conversations have gone on, and who of the team is here, looks at whom and types. It stores nothing: what
//! it tells is a hint, and whoever missed it reads by cursor. Its sockets hibernate, so a team that only watches costs nothing.

use serde::{Deserialize, Serialize};
use shared::{
    api::live::{Colleague, DeskCall, DeskNews, SUBPROTOCOL},
    event::Event,
    id::{ContactId, ConversationId, SiteId},
    store::{Db, conversations},
    wire::{MAX_FRAME_BYTES, ServerFrame, Speaker},
};
use worker::{
    DurableObject, Env, Headers, Method, Request, RequestInit, Response, Result, State, WebSocket,
    WebSocketIncomingMessage, WebSocketPair, durable_object,
};

use crate::{
    app::{App, Spawn},
    error::EdgeError,
    perform::{Tell, tell_room},
};

/// Whose socket it is, and what they do; survives hibernation with the socket.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Attached {
    site: String,
    name: String,
    contact: Option<ContactId>,
    types: bool,
    /// The conversation the contact was last shown typing in.
    conversation: Option<ConversationId>,
}

/// Who comes, as the Worker tells it.
#[derive(Deserialize)]
struct Who {
    agent: String,
    site: String,
}

/// A site's Desk.
#[durable_object]
pub struct Desk {
    state: std::rc::Rc<State>,
    env: Env,
}

impl DurableObject for Desk {
    fn new(state: State, env: Env) -> Self {
        Self { state: std::rc::Rc::new(state), env }
    }

    async fn fetch(&self, mut request: Request) -> Result<Response> {
        let answered = match request.path().as_str() {
            "/socket" => self.accept(&request),
            "/tell" => {
                let news: Vec<DeskNews> = request.json().await?;
                self.tell(&news);
                Response::empty().map_err(EdgeError::from)
            }
            _ => Err(EdgeError::not_found()),
        };
        answered.or_else(EdgeError::into_response)
    }

    async fn websocket_message(&self, ws: WebSocket, message: WebSocketIncomingMessage) -> Result<()> {
        let WebSocketIncomingMessage::String(text) = message else { return Ok(()) };
        if text == "ping" {
            return ws.send_with_str("pong");
        }
        if text.len() > MAX_FRAME_BYTES {
            return Ok(());
        }
        let (Ok(call), Some(mut attached)) =
            (serde_json::from_str::<DeskCall>(&text), ws.deserialize_attachment::<Attached>()?)
        else {
            return Ok(());
        };
        match call {
            DeskCall::Look { contact } => {
                self.shows_typing(&mut attached, None).await;
                attached.contact = contact;
                attached.types = false;
            }
            DeskCall::Typing { on, conversation } => {
                attached.types = on;
                self.shows_typing(&mut attached, conversation.filter(|_| on)).await;
            }
        }
        ws.serialize_attachment(&attached)?;
        self.tell_who_is_here(None);
        Ok(())
    }

    async fn websocket_close(&self, ws: WebSocket, code: usize, _reason: String, _clean: bool) -> Result<()> {
        // 1005 and 1006 are for a close without a code, and may not be sent.
        let code = u16::try_from(code).ok().filter(|code| !(1005..=1006).contains(code));
        let _ = ws.close(code.or(Some(1000)), Some(""));
        if let Ok(Some(mut attached)) = ws.deserialize_attachment::<Attached>() {
            self.shows_typing(&mut attached, None).await;
        }
        self.tell_who_is_here(Some(&ws));
        Ok(())
    }

    async fn websocket_error(&self, _ws: WebSocket, _error: worker::Error) -> Result<()> {
        Ok(())
    }
}

impl Desk {
    /// Accepts a socket; who it belongs to was checked before it came here.
    fn accept(&self, request: &Request) -> std::result::Result<Response, EdgeError> {
        let who: Who = request.query()?;
        let pair = WebSocketPair::new()?;
        self.state.accept_web_socket(&pair.server);
        pair.server.serialize_attachment(Attached {
            site: who.site,
            name: who.agent,
            contact: None,
            types: false,
            conversation: None,
        })?;
        self.tell_who_is_here(None);
        let headers = Headers::new();
        headers.set("sec-websocket-protocol", SUBPROTOCOL)?;
        Ok(Response::from_websocket(pair.client)?.with_headers(headers))
    }

    fn tell(&self, news: &[DeskNews]) {
        let texts: Vec<String> = news.iter().filter_map(|news| serde_json::to_string(news).ok()).collect();
        for ws in self.state.get_websockets() {
            for text in &texts {
                // A socket that is closing reads by its cursor when it comes back.
                let _ = ws.send_with_str(text);
            }
        }
    }

    /// Tells everybody who is here, but for one whose socket is closing.
    fn tell_who_is_here(&self, gone: Option<&WebSocket>) {
        let here = self.state.get_websockets();
        let here = here.iter().filter(|ws| gone.is_none_or(|gone| gone != *ws));
        let attached = here.filter_map(|ws| ws.deserialize_attachment::<Attached>().ok().flatten());
        let mut colleagues: Vec<Colleague> =
            attached.map(|it| Colleague { name: it.name, contact: it.contact, types: it.types }).collect();
        colleagues.sort();
        colleagues.dedup();
        self.tell(&[DeskNews::Here { colleagues }]);
    }

    /// Shows the contact that somebody types, or no longer. The conversation has to be one of the Desk's own site.
    async fn shows_typing(&self, attached: &mut Attached, to: Option<ConversationId>) {
        if attached.conversation == to {
            return;
        }
        let before = std::mem::replace(&mut attached.conversation, to.clone());
        for (conversation, on) in [(before, false), (to, true)] {
            let Some(conversation) = conversation else { continue };
            if let Err(error) = self.show_typing(attached, &conversation, on).await {
                error.log("desk");
            }
        }
    }

    async fn show_typing(
        &self,
        attached: &Attached,
        conversation: &ConversationId,
        on: bool,
    ) -> std::result::Result<(), EdgeError> {
        let app = self.app().await?;
        let Ok(site) = SiteId::parse(&attached.site) else { return Ok(()) };
        let found = app.db.query(&conversations::conversation(&site, conversation)).await?;
        if conversations::decode(found)?.is_none() {
            return Ok(());
        }
        let frames = vec![ServerFrame::Typing { speaker: Speaker::Agent(attached.name.clone()), on }];
        tell_room(&app, conversation, &[Tell { visitor: None, frames }]).await
    }

    async fn app(&self) -> std::result::Result<App, EdgeError> {
        let state = std::rc::Rc::clone(&self.state);
        let spawn: Spawn = std::rc::Rc::new(move |future| state.wait_until(future));
        App::start(self.env.clone(), spawn).await
    }
}

/// Tells a site's Desk, after the answer, which conversations have gone on.
pub(crate) fn tell_of(app: &App, site: &SiteId, events: &[Event]) {
    let mut news: Vec<DeskNews> = Vec::new();
    for event in events {
        let moved = DeskNews::Moved { conversation: event.conversation.clone(), seq: event.seq };
        let known = news.iter_mut().find(|known| {
            matches!(known, DeskNews::Moved { conversation, .. } if *conversation == event.conversation)
        });
        match known {
            Some(known) => *known = moved,
            None => news.push(moved),
        }
    }
    let (then, site) = (app.clone(), site.clone());
    app.spawn(async move {
        if let Err(error) = tell(&then, &site, &news).await {
            error.log("desk");
        }
    });
}

async fn tell(app: &App, site: &SiteId, news: &[DeskNews]) -> std::result::Result<(), EdgeError> {
    let body = serde_json::to_string(news).map_err(worker::Error::from)?;
    let mut init = RequestInit::new();
    init.with_method(Method::Post).with_body(Some(body.into()));
    let request = Request::new_with_init("https://desk/tell", &init)?;
    app.desk(site)?.fetch_with_request(request).await?;
    Ok(())
}
