use super::*;

const GENERAL: ConversationId = ConversationId(1);
const OTHER: ConversationId = ConversationId(2);

fn hub() -> Arc<Hub> {
    Arc::new(Hub::new(Clock::System))
}

/// The first user's next state, after what became of their membership in General.
fn membership(user_rev: i64, membership: MembershipChange) -> Publication {
    let frame = format!("mine {user_rev}").into();
    let change = UserChange { user: UserId(1), user_rev: Rev(user_rev), conversation: GENERAL, membership, frame };
    Publication { user_changes: vec![change], ..Publication::default() }
}

async fn received(subscriber: &Subscriber) -> Vec<String> {
    subscriber.queue.push_answer("end".into());
    match subscriber.queue.take().await {
        Taken::Frames(frames) => frames.iter().map(|frame| frame.to_string()).filter(|frame| frame != "end").collect(),
        Taken::Closed(code) => vec![format!("closed {code}")],
    }
}

#[tokio::test]
async fn a_frame_reaches_those_who_are_subscribed_and_nobody_else() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    let tom = hub.register(UserId(2), [2; 32]).unwrap();
    ana.subscribe([GENERAL]);
    tom.subscribe([OTHER]);
    hub.deliver(GENERAL, Rev(1), &"hello".into());
    assert_eq!(received(&ana).await, ["hello"]);
    assert_eq!(received(&tom).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_connection_that_ended_leaves_nothing_behind() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    ana.subscribe([GENERAL]);
    assert_eq!(hub.connections(), 1);
    drop(ana);
    assert_eq!(hub.connections(), 0);
    let inner = hub.inner();
    assert!(inner.users.is_empty() && inner.subscribers.is_empty());
}

#[tokio::test]
async fn what_was_queued_of_a_conversation_that_is_not_theirs_is_dropped() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    ana.subscribe([GENERAL, OTHER]);
    hub.deliver(OTHER, Rev(1), &"secret".into());
    hub.deliver(GENERAL, Rev(1), &"hello".into());
    assert!(ana.welcomed(Rev(1), &HashSet::from([GENERAL])));
    hub.deliver(OTHER, Rev(1), &"secret".into());
    assert_eq!(received(&ana).await, ["hello"]);
}

#[tokio::test]
async fn closing_a_session_gives_its_connections_nothing_more_and_leaves_others_alone() {
    let hub = hub();
    let here = hub.register(UserId(1), [1; 32]).unwrap();
    let there = hub.register(UserId(1), [2; 32]).unwrap();
    here.subscribe([GENERAL]);
    there.subscribe([GENERAL]);
    hub.deliver(GENERAL, Rev(1), &"before".into());
    hub.close_session(&[1; 32], close::SESSION);
    hub.deliver(GENERAL, Rev(1), &"after".into());
    assert_eq!(received(&here).await, [format!("closed {}", close::SESSION)]);
    assert_eq!(received(&there).await, ["before", "after"]);
}

#[tokio::test]
async fn the_greeting_comes_before_what_came_while_it_was_made_and_not_at_all_to_a_session_that_has_ended() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    ana.subscribe([GENERAL]);
    hub.deliver(GENERAL, Rev(1), &"hello".into());
    ana.queue.push_first("welcome".into());
    assert_eq!(received(&ana).await, ["welcome", "hello"]);
    hub.close_session(&[1; 32], close::SESSION);
    ana.queue.push_first("welcome".into());
    assert_eq!(received(&ana).await, [format!("closed {}", close::SESSION)]);
}

#[tokio::test]
async fn a_connection_that_does_not_take_its_frames_is_told_to_come_back_and_the_others_get_theirs() {
    let hub = hub();
    let slow = hub.register(UserId(1), [1; 32]).unwrap();
    let quick = hub.register(UserId(2), [2; 32]).unwrap();
    slow.subscribe([GENERAL]);
    quick.subscribe([GENERAL]);
    let frame = Utf8Bytes::from("x".repeat(queue::LIVE_MAX / 4));
    for _ in 0..8 {
        hub.deliver(GENERAL, Rev(1), &frame);
        assert_eq!(received(&quick).await.len(), 1);
    }
    assert_eq!(received(&slow).await, [format!("closed {}", close::LAGGED)]);
}

#[tokio::test]
async fn a_user_has_a_bounded_number_of_connections() {
    let hub = hub();
    let held: Vec<_> = (0..CONNECTIONS_PER_USER).map(|_| hub.register(UserId(1), [1; 32]).unwrap()).collect();
    assert!(hub.register(UserId(1), [1; 32]).is_err());
    assert!(hub.register(UserId(2), [2; 32]).is_ok());
    drop(held);
    assert!(hub.register(UserId(1), [1; 32]).is_ok());
}

#[tokio::test]
async fn joining_reaches_every_connection_of_the_user() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    let tom = hub.register(UserId(2), [2; 32]).unwrap();
    hub.publish(membership(1, MembershipChange::Joined));
    hub.deliver(GENERAL, Rev(1), &"hello".into());
    assert_eq!(received(&ana).await, ["mine 1", "hello"]);
    assert_eq!(received(&tom).await, Vec::<String>::new());
}

#[tokio::test]
async fn reconnecting_is_no_way_around_the_pace() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    while hub.rate_limit(UserId(1), 0) == Verdict::Take {}
    drop(ana);
    let _again = hub.register(UserId(1), [1; 32]).unwrap();
    assert!(matches!(hub.rate_limit(UserId(1), 0), Verdict::Wait(_)));
    assert_eq!(hub.rate_limit(UserId(2), 0), Verdict::Take, "others have a limit of their own");
}

#[tokio::test]
async fn a_change_made_here_does_not_hide_one_of_the_same_list_that_was_made_elsewhere() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    ana.subscribe([GENERAL, OTHER]);
    assert!(ana.welcomed(Rev(5), &HashSet::from([GENERAL, OTHER])));
    // Elsewhere she was shown out of the other room (6); here she reads something (7).
    hub.publish(membership(7, MembershipChange::Unchanged));
    assert_eq!(hub.settled_revs(), [(UserId(1), Rev(5))], "what 6 was is not known yet");
    assert!(!hub.set_subscriptions(UserId(1), Rev(6), &HashSet::from([GENERAL]), &"head 6".into()), "read before 7");
    assert!(hub.set_subscriptions(UserId(1), Rev(7), &HashSet::from([GENERAL]), &"head 7".into()));
    hub.deliver(OTHER, Rev(9), &"secret".into());
    assert_eq!(received(&ana).await, ["mine 7", "head 7"]);
    hub.publish(membership(8, MembershipChange::Unchanged));
    assert_eq!(
        hub.settled_revs(),
        [(UserId(1), Rev(8))],
        "changes that were delivered here without a gap need no check"
    );
}

#[tokio::test]
async fn joining_that_is_published_after_a_later_removal_elsewhere_was_noticed_subscribes_nobody() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    assert!(ana.welcomed(Rev(5), &HashSet::new()));
    // She joined here (6) and was removed elsewhere (7), and the latter was noticed before the former was published.
    assert!(hub.set_subscriptions(UserId(1), Rev(7), &HashSet::new(), &"head 7".into()));
    hub.publish(membership(6, MembershipChange::Joined));
    hub.deliver(GENERAL, Rev(9), &"secret".into());
    assert_eq!(received(&ana).await, ["head 7", "mine 6"]);
}

#[tokio::test]
async fn leaving_that_is_published_after_a_later_joining_elsewhere_was_noticed_ends_no_subscription() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    assert!(ana.welcomed(Rev(5), &HashSet::from([GENERAL])));
    assert!(hub.set_subscriptions(UserId(1), Rev(7), &HashSet::from([GENERAL]), &"head 7".into()));
    hub.publish(membership(6, MembershipChange::Left));
    hub.deliver(GENERAL, Rev(9), &"hello".into());
    assert_eq!(received(&ana).await, ["head 7", "mine 6", "hello"]);
}

#[tokio::test]
async fn a_welcome_that_was_read_before_a_change_of_the_user_was_published_is_read_again() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    hub.publish(membership(6, MembershipChange::Joined));
    assert!(!ana.welcomed(Rev(5), &HashSet::new()), "it would end the subscription to what she has just joined");
    assert!(ana.welcomed(Rev(6), &HashSet::from([GENERAL])));
    hub.deliver(GENERAL, Rev(1), &"hello".into());
    assert_eq!(received(&ana).await, ["mine 6", "hello"]);
}

#[tokio::test]
async fn a_welcome_subscribes_to_all_of_its_conversations_also_to_one_that_an_earlier_change_has_just_ended() {
    let hub = hub();
    let ana = hub.register(UserId(1), [1; 32]).unwrap();
    ana.subscribe([GENERAL]);
    // She left (6) and joined again (7); the state was read after both, and only the former is published yet.
    hub.publish(membership(6, MembershipChange::Left));
    assert!(ana.welcomed(Rev(7), &HashSet::from([GENERAL])));
    hub.publish(membership(7, MembershipChange::Joined));
    hub.deliver(GENERAL, Rev(9), &"hello".into());
    assert_eq!(received(&ana).await, ["mine 6", "mine 7", "hello"]);
}
