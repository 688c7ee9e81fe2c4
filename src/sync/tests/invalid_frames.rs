//! No frame of a faulty server makes the engine panic.

use super::*;
use crate::sync::random::Random;

/// A number that a server should not send, or a small valid one.
fn odd(random: &mut Random) -> i64 {
    match random.up_to(5) {
        0 => i64::MAX,
        1 => i64::MIN,
        2 => -1,
        _ => random.up_to(12) as i64,
    }
}

fn odd_rows(random: &mut Random, ids: &[MessageId]) -> Rows {
    let message = |random: &mut Random| {
        let id = ids[random.up_to(ids.len() as u64 - 1) as usize];
        let (seq, rev, author) = (Seq(odd(random)), Rev(odd(random)), UserId(odd(random)));
        Arc::new(Message { id, seq, rev, author, at: Millis(odd(random)), content: Content::text("odd") })
    };
    let messages = (0..random.up_to(3)).map(|_| message(random)).collect();
    let conversation = Some(Conversation { rev: Rev(odd(random)), ..FakeRoom::new().row });
    Rows { conversation, members: Vec::new(), messages }
}

fn odd_event(random: &mut Random, ids: &[MessageId]) -> Event {
    let conversation = ConversationId(1 + random.up_to(1) as i64);
    let request = random.up_to(40) as u32;
    let id = ids[random.up_to(ids.len() as u64 - 1) as usize];
    let rows = odd_rows(random, ids);
    let (rev, through, head) = (Rev(odd(random)), Rev(odd(random)), Seq(odd(random)));
    let row = Conversation { id: conversation, rev, ..FakeRoom::new().row };
    let messages = rows.messages.clone();
    let window = Window { conversation: row.clone(), through, head, messages, members: Vec::new() };
    let mut initial_state = FakeRoom { epoch: Epoch(random.up_to(1) as i64), ..FakeRoom::new() }.initial_state();
    initial_state.user_rev = Rev(odd(random));
    let summary = ConversationSummary { conversation: row, rev, head, ..initial_state.conversations[0].clone() };
    initial_state.conversations.push(summary.clone());
    let retry_after = Some(odd(random) as u64);
    let error = [
        Error::unavailable(),
        Error::conflict(),
        Error::sign_in_required(),
        Error { retry_after, ..Error::not_found() },
    ][random.up_to(3) as usize]
        .clone();
    let frame = match random.up_to(18) {
        0 => ServerFrame::Welcome { connection: 1, server: String::new(), initial_state },
        1 => ServerFrame::Changes { request, conversation, since: Rev(odd(random)), through, head, rows },
        2 => ServerFrame::Reset { request, conversation },
        3 | 4 => ServerFrame::Window { request, window },
        5 => ServerFrame::Posted { id, conversation, rows },
        6 => refused(Some(request), Some(id), error),
        7 => ServerFrame::Pong { request },
        8 => return Event::Loaded(Box::new(OpenedConversation { initial_state, window, invite_link: None })),
        9 => {
            let people =
                [Event::LoadOlder(conversation), Event::LoadNewer(conversation), Event::LoadLatest(conversation)];
            return people[random.up_to(2) as usize].clone();
        }
        10 => {
            let events = [
                Event::SocketOpened,
                Event::Tick,
                Event::RetryNow,
                Event::Offline,
                Event::Retry(id),
                Event::Discard(id),
                Event::Post { conversation, body: "x".into() },
                Event::SocketClosed { opened: request.is_multiple_of(2), code: Some(4_400 + request as u16) },
                Event::SessionChecked(SessionCheck::Unknown),
                Event::Ping,
            ];
            return events[random.up_to(9) as usize].clone();
        }
        11 => ServerFrame::SummaryChanged {
            user_rev: Rev(odd(random)),
            conversation,
            summary: Some(summary).filter(|_| random.up_to(2) > 0),
        },
        12 => ServerFrame::UserRevision { user_rev: Rev(odd(random)) },
        13 => ServerFrame::InitialState { request, initial_state },
        14 => ServerFrame::ConversationDeleted { conversation },
        15 => ServerFrame::Typing { conversation, person: person(UserId(odd(random))) },
        16 => {
            let events = [
                Event::Viewing(Some(conversation)),
                Event::Viewing(None),
                Event::Reading(conversation, Some(Seq(i64::MAX))),
                Event::LoadAround(conversation, Seq(i64::MIN)),
                Event::MarkRead(conversation),
                Event::MarkUnread(conversation, Seq(odd(random))),
                Event::Typing(conversation),
            ];
            return events[random.up_to(4) as usize].clone();
        }
        _ => ServerFrame::Changed { conversation, rev, rows },
    };
    Event::Frame(Box::new(frame))
}

#[test]
fn no_event_makes_the_engine_panic_or_grow_without_bound() {
    for seed in 0..300_u64 {
        let mut random = Random::new(u128::from(seed).to_le_bytes());
        let mut device = TestDevice::with_seed(seed as u8);
        let room = FakeRoom::with(random.up_to(5) as usize);
        device.event(room.seed());
        device.connect(&room);
        device.post("a");
        device.post("b");
        let ids = device.pending().iter().map(|pending| pending.id).collect::<Vec<_>>();
        for _ in 0..300 {
            let event = odd_event(&mut random, &ids);
            device.event(event);
            device.now.mono = device.now.mono.saturating_add(random.up_to(700));
            if device.engine.connection_state()
                != &(ConnectionState::Connected { connection: 1, server: String::new() })
                && random.up_to(3) == 0
            {
                device.event(Event::SocketOpened);
            }
        }
        assert!(device.engine.replica(ROOM).is_none_or(|replica| replica.messages().count() <= 400));
    }
    let mut device = TestDevice::new();
    device.now = Now { mono: u64::MAX, wall: Millis(i64::MAX) };
    device.event(FakeRoom::with(2).seed());
    device.connect(&FakeRoom::with(2));
    device.post("at the end of time");
    device.post("and after it");
    device.event(Event::Tick);
}
