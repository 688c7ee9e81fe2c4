//! The live socket, from outside: what is delivered, and what bad input gets.

use crate::support::core::GENERAL;
use crate::support::{Chat, Live, message_id};
use hubbub::model::{Code, ConversationId, MessageId, Rev, Seq};
use hubbub::server::store::users::UserState;
use hubbub::wire::{Anchor, ClientFrame, FRAME_MAX, PROTOCOL, ServerFrame, close};
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};
use tokio_tungstenite::tungstenite::{Error, Message};

async fn welcomed(chat: &Chat, name: &str) -> Live {
    let person = chat.user(name).await;
    let mut live = chat.connect(&person).await;
    assert!(matches!(live.hello().await, ServerFrame::Welcome { .. }));
    live
}

async fn changed_text(live: &mut Live) -> (Rev, String) {
    live.find(|frame| match frame {
        ServerFrame::Changed { rev, rows, .. } => rows.messages.first().map(|message| (rev, message.body().to_owned())),
        _ => None,
    })
    .await
}

async fn posted(live: &mut Live, id: MessageId) -> Seq {
    live.find(|frame| match frame {
        ServerFrame::Posted { id: answered, rows, .. } if answered == id => Some(rows.messages[0].seq),
        _ => None,
    })
    .await
}

#[tokio::test]
async fn welcome_has_the_user_and_their_conversation_summaries() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    let mut live = chat.connect(&person).await;
    let ServerFrame::Welcome { initial_state, server, .. } = live.hello().await else { panic!("no welcome") };
    assert_eq!(
        (initial_state.me.person.username.as_str(), initial_state.epoch, server.as_str()),
        ("ana", chat.core.epoch, env!("CARGO_PKG_VERSION"))
    );
    assert_eq!(
        initial_state.conversations.iter().map(|listed| (listed.conversation.id, listed.rev)).collect::<Vec<_>>(),
        [(GENERAL, Rev(2))]
    );
}

#[tokio::test]
async fn a_message_reaches_every_connected_member_with_its_author_s_name() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    let mut tom = welcomed(&chat, "tom").await;
    let id = message_id();
    ana.post(id, "hello").await;
    assert_eq!(posted(&mut ana, id).await, Seq(1));
    let rows = tom
        .find(|frame| match frame {
            ServerFrame::Changed { rows, .. } if !rows.messages.is_empty() => Some(rows),
            _ => None,
        })
        .await;
    assert_eq!((rows.messages[0].body(), rows.members[0].person.username.as_str()), ("hello", "ana"));
    assert_eq!(rows.messages[0].author, rows.members[0].person.id);
}

#[tokio::test]
async fn posts_of_one_connection_keep_their_order_and_need_not_wait_for_each_other() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    let mut tom = welcomed(&chat, "tom").await;
    for n in 0..100 {
        ana.post(message_id(), &n.to_string()).await;
    }
    for n in 0..100 {
        assert_eq!(changed_text(&mut tom).await, (Rev(n + 4), n.to_string()));
    }
}

#[tokio::test]
async fn nobody_gets_a_socket_without_a_session_or_from_another_site() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    let own = format!("http://{}", chat.address);
    for (cookie, origin, status) in [
        ("", Some(own.as_str()), 401),
        ("hubbub=AAAAAAAAAAAAAAAAAAAAAA", Some(own.as_str()), 401),
        (person.cookie.as_str(), Some("http://evil.example"), 403),
        (person.cookie.as_str(), None, 403),
    ] {
        match Live::open_from(chat.address, cookie, origin).await {
            Err(Error::Http(answer)) => assert_eq!(answer.status().as_u16(), status, "{origin:?}"),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("{cookie:?} from {origin:?} was let in"),
        }
    }
}

#[tokio::test]
async fn signing_out_closes_the_live_connection_and_nothing_is_delivered_after() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    let mut ana = chat.connect(&person).await;
    ana.hello().await;
    let mut tom = welcomed(&chat, "tom").await;
    assert!(person.call("sign-out", &[]).await.status().is_success());
    tom.post(message_id(), "secret").await;
    changed_text(&mut tom).await;
    // Ana's socket holds what was delivered before, then the close; tom's message is not among it.
    let mut frames = Vec::new();
    let code = loop {
        match ana.raw().await {
            Some(Message::Text(text)) => frames.push(text.to_string()),
            Some(Message::Close(frame)) => break frame.map(|frame| u16::from(frame.code)),
            _ => break None,
        }
    };
    assert_eq!(code, Some(close::SESSION));
    assert!(frames.iter().all(|frame| !frame.contains("secret")), "{frames:?}");
}

#[tokio::test]
async fn an_account_disabled_by_another_process_loses_its_connections() {
    let chat = Chat::start().await;
    let person = chat.user("ana").await;
    let mut live = chat.connect(&person).await;
    live.hello().await;
    chat.core.writer.set_user_state(hubbub::model::UserId(1), UserState::Disabled).await.unwrap();
    hubbub::server::janitor::close_ended(&chat.core).await.unwrap();
    assert_eq!(live.closed().await, Some(close::SESSION));
}

#[tokio::test]
async fn a_change_by_another_process_reaches_those_who_are_subscribed() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    // The operator's `hubbub user add`, beside the running server.
    let beside = crate::support::core::open(chat.database_url()).await;
    beside.writer.register(crate::support::core::account("tom")).await.unwrap();
    beside.close().await;
    hubbub::server::janitor::announce_revisions(&chat.core).await.unwrap();
    let head = ana
        .find(|frame| if let ServerFrame::ConversationRevision { rev, .. } = frame { Some(rev) } else { None })
        .await;
    assert_eq!(head, Rev(3));
}

#[tokio::test]
async fn catching_up_brings_everything_above_the_cursor() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    for n in 0..5 {
        ana.post(message_id(), &n.to_string()).await;
    }
    for n in 0..5 {
        assert_eq!(changed_text(&mut ana).await.1, n.to_string());
    }
    ana.send(&ClientFrame::Changes { request: 7, conversation: GENERAL, since: Rev(4) }).await;
    let ServerFrame::Changes { request, since, through, head, rows, .. } =
        ana.find(|frame| matches!(frame, ServerFrame::Changes { .. }).then_some(frame)).await
    else {
        unreachable!()
    };
    assert_eq!((request, since, through, head), (7, Rev(4), Rev(7), Seq(5)));
    assert_eq!(rows.messages.iter().map(|message| message.body()).collect::<Vec<_>>(), ["2", "3", "4"]);
}

#[tokio::test]
async fn probes_are_answered() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    ana.send(&ClientFrame::Ping { request: 1 }).await;
    assert_eq!(ana.next().await, ServerFrame::Pong { request: 1 });
    ana.send(&ClientFrame::Echo { request: 2, text: "äöü 🎉".into() }).await;
    assert_eq!(ana.next().await, ServerFrame::Echoed { request: 2, text: "äöü 🎉".into() });
    ana.send(&ClientFrame::Status { request: 3 }).await;
    let ServerFrame::Status { request: 3, status } = ana.next().await else { panic!("no status") };
    assert_eq!((status.connections, status.version.as_str()), (1, env!("CARGO_PKG_VERSION")));
    ana.send(&ClientFrame::Echo { request: 4, text: "x".repeat(1_001) }).await;
    assert!(matches!(ana.next().await, ServerFrame::Refused { request: Some(4), .. }));
}

/// Bad input that the connection survives: each is refused in its own words, and a post afterwards works.
#[tokio::test]
async fn what_cannot_be_read_or_done_is_refused_and_the_connection_survives() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    let id = message_id();
    let long = format!(r#"{{"type":"post","id":"{id}","conversation":1,"body":"{}"}}"#, "x".repeat(8_001));
    let cases: Vec<(&str, Code, &str)> = vec![
        ("", Code::Invalid, "could not be read"),
        ("{", Code::Invalid, "could not be read"),
        ("[]", Code::Invalid, "could not be read"),
        (r#"{"type":"nonsense"}"#, Code::Invalid, "unknown variant"),
        (r#"{"type":"ping"}"#, Code::Invalid, "missing field"),
        (r#"{"type":"ping","request":"one"}"#, Code::Invalid, "invalid type"),
        (r#"{"type":"ping","request":-1}"#, Code::Invalid, "invalid value"),
        (r#"{"type":"post","id":"x","conversation":1,"body":"b"}"#, Code::Invalid, "could not be read"),
        (&long, Code::Invalid, "this is 1 over"),
        (r#"{"type":"changes","request":1,"conversation":99,"since":0}"#, Code::NotFound, "not open to you"),
        (
            r#"{"type":"history","request":1,"conversation":-1,"at":"latest","limit":50}"#,
            Code::NotFound,
            "not open to you",
        ),
    ];
    for (text, code, says) in cases {
        ana.send_raw(Message::text(text)).await;
        match ana.next().await {
            ServerFrame::Refused { error, .. } => {
                assert_eq!(error.code, code, "{text}");
                assert!(error.message.contains(says), "{text} was answered: {}", error.message);
            }
            other => panic!("{text} was answered by {other:?}"),
        }
    }
    for (conversation, body, code) in
        [(99, "hello", Code::NotFound), (1, "", Code::Invalid), (1, " \u{200b} ", Code::Invalid)]
    {
        let id = message_id();
        ana.send(&ClientFrame::Post { id, conversation: ConversationId(conversation), body: body.into(), after: None })
            .await;
        let ServerFrame::Refused { id: refused, error, .. } = ana.next().await else { panic!("not refused") };
        assert_eq!((refused, error.code), (Some(id), code), "{body:?}");
    }
    ana.post(id, "still here").await;
    assert_eq!(posted(&mut ana, id).await, Seq(1));
}

/// Whoever waits for an answer to a frame that cannot be read gets it.
#[tokio::test]
async fn a_refusal_of_an_unreadable_frame_names_the_request_or_the_message() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    let id = message_id();
    for (text, request, message) in [
        (r#"{"type":"of_a_newer_client","request":7}"#.to_owned(), Some(7), None),
        (r#"{"type":"read","request":8,"conversation":1,"seq":"last"}"#.to_owned(), Some(8), None),
        (format!(r#"{{"type":"post","id":"{id}","conversation":"General","body":"hello"}}"#), None, Some(id)),
    ] {
        ana.send_raw(Message::text(text.as_str())).await;
        let ServerFrame::Refused { request: asked, id: posted, error } = ana.next().await else { panic!("{text}") };
        assert_eq!((asked, posted, error.code), (request, message, Code::Invalid), "{text}");
    }
    ana.send_raw(Message::text(r#"{"type":"ping","request":9,"of_a_newer_client":true}"#)).await;
    assert_eq!(ana.next().await, ServerFrame::Pong { request: 9 });
}

#[tokio::test]
async fn a_post_whose_predecessor_is_not_posted_is_refused_for_now_and_accepted_once_it_is() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    let (first, second) = (message_id(), message_id());
    let post =
        |id, body: &str, after| ClientFrame::Post { id, conversation: ConversationId(1), body: body.into(), after };
    ana.send(&post(second, "second", Some(first))).await;
    let ServerFrame::Refused { id, error, .. } = ana.next().await else { panic!("not refused") };
    assert_eq!((id, error.code), (Some(second), Code::Unavailable));
    // Sent in one go: the second follows the first within one batch or the next.
    ana.send(&post(first, "first", None)).await;
    ana.send(&post(second, "second", Some(first))).await;
    assert_eq!(posted(&mut ana, first).await, Seq(1));
    assert_eq!(posted(&mut ana, second).await, Seq(2));
    // Another one's message is no predecessor.
    let mut tom = welcomed(&chat, "tom").await;
    let third = message_id();
    tom.send(&post(third, "third", Some(first))).await;
    let ServerFrame::Refused { id, .. } = tom.next().await else { panic!("not refused") };
    assert_eq!(id, Some(third));
}

/// Bad input that ends the connection: each with the close code that docs/protocol.md lists.
#[tokio::test]
async fn what_breaks_the_protocol_closes_with_its_code_and_nobody_else_notices() {
    let chat = Chat::start().await;
    let mut tom = welcomed(&chat, "tom").await;
    let person = chat.user("ana").await;
    let hello = || Message::text(ClientFrame::Hello { protocol: PROTOCOL, client: "test".into() }.encode());
    let not_utf8 = Message::Frame(Frame::message(vec![b'"', 0xff, 0xfe, b'"'], OpCode::Data(Data::Text), true));
    let cases: Vec<(&str, bool, Message, u16)> = vec![
        ("a binary frame", true, Message::binary(vec![1, 2, 3]), close::BINARY),
        ("a frame of one megabyte", true, Message::text("x".repeat(1_000_000)), close::TOO_BIG),
        ("a frame just over the limit", true, Message::text("x".repeat(FRAME_MAX + 1)), close::TOO_BIG),
        ("not UTF-8", true, not_utf8, close::NOT_UTF8),
        ("a second hello", true, hello(), close::PROTOCOL),
        ("something before hello", false, Message::text(ClientFrame::Ping { request: 1 }.encode()), close::PROTOCOL),
        ("nonsense before hello", false, Message::text("nonsense"), close::PROTOCOL),
        (
            "yesterday's protocol",
            false,
            Message::text(r#"{"type":"hello","protocol":0,"client":"old"}"#),
            close::OUTDATED,
        ),
    ];
    for (what, greeted, message, code) in cases {
        let mut ana = chat.connect(&person).await;
        if greeted {
            ana.hello().await;
        }
        ana.try_send_raw(message).await;
        assert_eq!(ana.closed().await, Some(code), "{what}");
        let id = message_id();
        tom.post(id, "all well").await;
        posted(&mut tom, id).await;
    }
}

#[tokio::test]
async fn a_client_that_never_sends_anything_readable_is_closed() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    for _ in 0..30 {
        ana.try_send_raw(Message::text("nonsense")).await;
    }
    assert_eq!(ana.closed().await, Some(close::PROTOCOL));
}

#[tokio::test]
async fn ten_thousand_frames_at_once_hold_their_sender_back_and_nobody_else() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let mut flood = chat.connect(&ana).await;
    flood.hello().await;
    let mut tom = welcomed(&chat, "tom").await;
    let flooding = tokio::spawn(async move {
        for request in 0..10_000 {
            if !flood.try_send_raw(Message::text(ClientFrame::Ping { request }.encode())).await {
                break;
            }
        }
        flood.closed().await
    });
    for n in 0..20 {
        let id = message_id();
        tom.post(id, &format!("all well {n}")).await;
        posted(&mut tom, id).await;
    }
    assert_eq!(flooding.await.unwrap(), Some(close::FLOOD));
}

#[tokio::test]
async fn history_is_read_in_runs() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    for n in 1..=60 {
        ana.post(message_id(), &n.to_string()).await;
    }
    for _ in 1..=60 {
        changed_text(&mut ana).await;
    }
    ana.send(&ClientFrame::History { request: 1, conversation: GENERAL, at: Anchor::Before(Seq(11)), limit: 5 }).await;
    let window = ana
        .find(|frame| match frame {
            ServerFrame::Window { request: 1, window } => Some(window),
            _ => None,
        })
        .await;
    assert_eq!(window.messages.iter().map(|message| message.seq.0).collect::<Vec<_>>(), [6, 7, 8, 9, 10]);
    assert_eq!((window.head, window.members.len()), (Seq(60), 1));
}

#[tokio::test]
async fn a_server_that_stops_tells_its_clients_to_come_back() {
    let chat = Chat::start().await;
    let mut ana = welcomed(&chat, "ana").await;
    chat.core.close().await;
    assert_eq!(ana.closed().await, Some(close::RESTART));
}
