//! The requests of the diagnostics page.

use super::*;

#[test]
fn a_ping_measures_the_round_trip_and_an_echo_returns_its_text() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let request = request_of(&device.event(Event::Ping)).unwrap();
    device.wait(37);
    let effects = device.frame(ServerFrame::Pong { request });
    assert_eq!(effects, [Effect::Changed(StatePart::Diagnostics)]);
    assert_eq!(device.engine.diagnostics().round_trip, Some(37));

    let request = request_of(&device.event(Event::Echo("hello".into()))).unwrap();
    device.wait(12);
    device.frame(ServerFrame::Echoed { request, text: "hello".into() });
    assert_eq!(device.engine.diagnostics().echo, Some(("hello".into(), 12)));

    let request = request_of(&device.event(Event::Status)).unwrap();
    device.frame(ServerFrame::Status { request, status: status() });
    assert_eq!(device.engine.diagnostics().status, Some(status()));
    assert_eq!(device.engine.diagnostics().error, None);
}

#[test]
fn a_diagnostic_request_without_a_connection_fails_at_once() {
    let room = FakeRoom::new();
    let mut device = TestDevice::new();
    device.event(room.seed());
    for diagnostics in [Event::Ping, Event::Status, Event::Echo("x".into())] {
        assert_eq!(device.event(diagnostics), [Effect::Changed(StatePart::Diagnostics)]);
        assert_eq!(device.engine.diagnostics().error, Some(Error::unreachable()));
    }
}

#[test]
fn a_diagnostic_request_fails_when_the_connection_is_lost() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    device.event(Event::Status);
    device.cut(None);
    assert_eq!(device.engine.diagnostics().error, Some(Error::unreachable()));
}

#[test]
fn the_error_of_a_refused_diagnostic_request_stays_until_one_succeeds() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    let request = request_of(&device.event(Event::Status));
    device.frame(refused(request, None, Error::too_many(1_000)));
    assert_eq!(device.engine.diagnostics().error, Some(Error::too_many(1_000)));
    let request = request_of(&device.event(Event::Ping)).unwrap();
    device.frame(ServerFrame::Pong { request });
    assert_eq!(device.engine.diagnostics().error, None);
}

#[test]
fn an_echo_over_the_limit_is_refused_by_the_client() {
    let room = FakeRoom::new();
    let mut device = TestDevice::live(&room);
    assert_eq!(sent(&device.event(Event::Echo("x".repeat(1_001)))), []);
    assert_eq!(device.engine.diagnostics().error.as_ref().map(|error| error.code), Some(Code::Invalid));
    assert_eq!(sent(&device.event(Event::Echo("é".repeat(1_000)))).len(), 1);
}
