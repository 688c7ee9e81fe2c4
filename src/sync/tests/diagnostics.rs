//! The diagnostics page's questions.

use super::*;

#[test]
fn a_ping_tells_the_round_trip_and_an_echo_its_text() {
    let room = Room::new();
    let mut device = Device::live(&room);
    let request = asked(&device.event(Event::Ping)).unwrap();
    device.wait(37);
    let effects = device.frame(ServerFrame::Pong { request });
    assert_eq!(effects, [Effect::Changed(StatePart::Diagnostics)]);
    assert_eq!(device.engine.diagnostics().round_trip, Some(37));

    let request = asked(&device.event(Event::Echo("hello".into()))).unwrap();
    device.wait(12);
    device.frame(ServerFrame::Echoed { request, text: "hello".into() });
    assert_eq!(device.engine.diagnostics().echo, Some(("hello".into(), 12)));

    let request = asked(&device.event(Event::Status)).unwrap();
    device.frame(ServerFrame::Status { request, status: status() });
    assert_eq!(device.engine.diagnostics().status, Some(status()));
    assert_eq!(device.engine.diagnostics().error, None);
}

#[test]
fn a_probe_without_a_connection_says_so() {
    let room = Room::new();
    let mut device = Device::new();
    device.event(room.seed());
    for diagnostics in [Event::Ping, Event::Status, Event::Echo("x".into())] {
        assert_eq!(device.event(diagnostics), [Effect::Changed(StatePart::Diagnostics)]);
        assert_eq!(device.engine.diagnostics().error, Some(Error::unreachable()));
    }
}

#[test]
fn a_probe_whose_answer_was_cut_off_says_so() {
    let room = Room::new();
    let mut device = Device::live(&room);
    device.event(Event::Status);
    device.cut(None);
    assert_eq!(device.engine.diagnostics().error, Some(Error::unreachable()));
}

#[test]
fn a_refused_probe_shows_the_reason_until_one_succeeds() {
    let room = Room::new();
    let mut device = Device::live(&room);
    let request = asked(&device.event(Event::Status));
    device.frame(refused(request, None, Error::too_many(1_000)));
    assert_eq!(device.engine.diagnostics().error, Some(Error::too_many(1_000)));
    let request = asked(&device.event(Event::Ping)).unwrap();
    device.frame(ServerFrame::Pong { request });
    assert_eq!(device.engine.diagnostics().error, None);
}

#[test]
fn an_echo_over_the_limit_is_refused_here() {
    let room = Room::new();
    let mut device = Device::live(&room);
    assert_eq!(sent(&device.event(Event::Echo("x".repeat(1_001)))), []);
    assert_eq!(device.engine.diagnostics().error.as_ref().map(|error| error.code), Some(Code::Invalid));
    assert_eq!(sent(&device.event(Event::Echo("é".repeat(1_000)))).len(), 1);
}
