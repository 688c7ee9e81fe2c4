//! A user's devices: listing them, and signing them out.

use crate::support::chat::refused;
use crate::support::core::{account, open};
use crate::support::{Chat, Live, each_database, message_id};
use hubbub::model::{Device, Devices, Error, Millis, UserId};
use hubbub::server::janitor;
use hubbub::server::store::sessions::{self, SessionRow};
use hubbub::wire::ServerFrame;
use reqwest::StatusCode;

/// Waits for a message: the connection has not been closed.
async fn receives(live: &mut Live, poster: &mut Live) {
    poster.post(message_id(), "still here?").await;
    live.find(|frame| matches!(frame, ServerFrame::Changed { rows, .. } if !rows.messages.is_empty()).then_some(()))
        .await;
}

async fn devices(person: &crate::support::Person) -> Vec<Device> {
    person.ask::<Devices>("devices", &[]).await.devices
}

async fn a_device_is_listed_with_its_browser_address_and_last_use_and_nothing_that_opens_its_session(url: String) {
    let chat = Chat::over(&url).await;
    let ana = chat.user("ana").await;
    let phone = chat.stranger();
    let form = [("login", "ana"), ("password", crate::support::chat::PASSWORD)];
    let request = phone.client.post(format!("{}/api/sign-in", phone.site)).form(&form);
    let agent = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0";
    assert!(request.header("user-agent", agent).send().await.unwrap().status().is_success());

    let text = ana.call("devices", &[]).await.text().await.unwrap();
    let listed: Devices = serde_json::from_str(&text).unwrap();
    let told: Vec<_> = listed.devices.iter().map(|device| (device.name.as_str(), device.is_current)).collect();
    assert_eq!(told, [("An unknown browser", true), ("Firefox on Android", false)]);
    assert!(listed.devices.iter().all(|device| device.address == "127.0.0.1"), "{listed:?}");
    assert!(listed.devices.iter().all(|device| (listed.now.0 - device.used_at.0) < 60_000), "{listed:?}");

    let mut snapshot = chat.core.db.snapshot().await.unwrap();
    let rows = sessions::of_user(&mut snapshot.conn(), UserId(1), Millis(0), 10).await.unwrap();
    drop(snapshot);
    for row in rows {
        let hex: String = row.key.iter().map(|byte| format!("{byte:02x}")).collect();
        let number = u64::from_be_bytes(row.key[..8].try_into().unwrap()) >> 11;
        assert!(!text.contains(&hex[..8]) && !text.contains(&number.to_string()), "a key is told: {text}");
    }
    chat.core.close().await;
}
each_database!(a_device_is_listed_with_its_browser_address_and_last_use_and_nothing_that_opens_its_session);

async fn a_device_that_is_signed_out_receives_nothing_after_the_call_and_all_others_stay(url: String) {
    let chat = Chat::over(&url).await;
    let (ana, tom) = (chat.user("ana").await, chat.user("tom").await);
    let (phone, tablet) = (chat.device("ana").await, chat.device("ana").await);
    let mut lives = Vec::new();
    for person in [&ana, &tom, &phone, &tablet] {
        let mut live = chat.connect(person).await;
        live.hello().await;
        lives.push(live);
    }
    let [at_home, toms, at_phone, at_tablet] = &mut lives[..] else { panic!() };
    let this = devices(&phone).await.into_iter().find(|device| device.is_current).unwrap();

    let (): () = ana.ask("sign-out-device", &[("device", &this.id.to_string())]).await;
    toms.post(message_id(), "not for the phone").await;
    at_phone.is_told_to_sign_in().await;
    assert!(!phone.is_signed_in().await);
    assert!(Live::open(chat.address, &phone.cookie).await.is_err(), "its cookie opens nothing any more");

    assert!(ana.is_signed_in().await && tablet.is_signed_in().await && tom.is_signed_in().await);
    receives(at_home, toms).await;
    receives(at_tablet, toms).await;
    assert_eq!(devices(&ana).await.len(), 2);
    // What is not there any more can be signed out no more.
    let again = refused(ana.call("sign-out-device", &[("device", &this.id.to_string())]).await).await;
    assert_eq!(again, (StatusCode::NOT_FOUND, Error::not_found()));
    chat.core.close().await;
}
each_database!(a_device_that_is_signed_out_receives_nothing_after_the_call_and_all_others_stay);

async fn a_device_of_somebody_else_cannot_be_signed_out_and_no_answer_tells_whether_it_exists(url: String) {
    let chat = Chat::over(&url).await;
    let (ana, tom) = (chat.user("ana").await, chat.user("tom").await);
    let mut live = chat.connect(&ana).await;
    live.hello().await;
    let hers = devices(&ana).await[0].id.to_string();
    let theirs = refused(tom.call("sign-out-device", &[("device", &hers)]).await).await;
    let nobodys = refused(tom.call("sign-out-device", &[("device", "12345")]).await).await;
    assert_eq!(theirs, (StatusCode::NOT_FOUND, Error::not_found()));
    assert_eq!(theirs, nobodys);
    let (): () = tom.ask("sign-out-elsewhere", &[]).await;
    assert!(ana.is_signed_in().await);
    let mut toms = chat.connect(&tom).await;
    toms.hello().await;
    receives(&mut live, &mut toms).await;
    chat.core.close().await;
}
each_database!(a_device_of_somebody_else_cannot_be_signed_out_and_no_answer_tells_whether_it_exists);

async fn signing_out_everywhere_else_leaves_this_device_alone(url: String) {
    let chat = Chat::over(&url).await;
    let (ana, tom) = (chat.user("ana").await, chat.user("tom").await);
    let others = [chat.device("ana").await, chat.device("ana").await];
    let mut lives = Vec::new();
    for other in &others {
        let mut live = chat.connect(other).await;
        live.hello().await;
        lives.push(live);
    }
    let (mut hers, mut toms) = (chat.connect(&ana).await, chat.connect(&tom).await);
    hers.hello().await;
    toms.hello().await;

    let (): () = ana.ask("sign-out-elsewhere", &[]).await;
    toms.post(message_id(), "for this device alone").await;
    for (other, live) in others.iter().zip(&mut lives) {
        live.is_told_to_sign_in().await;
        assert!(!other.is_signed_in().await);
    }
    assert!(ana.is_signed_in().await && tom.is_signed_in().await);
    receives(&mut hers, &mut toms).await;
    let left: Vec<_> = devices(&ana).await.into_iter().map(|device| device.is_current).collect();
    assert_eq!(left, [true]);
    chat.core.close().await;
}
each_database!(signing_out_everywhere_else_leaves_this_device_alone);

#[tokio::test]
async fn plain_forms_lead_back_to_the_page_or_to_signing_in_when_the_device_signed_itself_out() {
    let chat = Chat::start().await;
    let ana = chat.user("ana").await;
    let phone = chat.device("ana").await;
    assert_eq!(ana.sends("sign-out-elsewhere", &[], "/devices").await, "/devices");
    assert!(!phone.is_signed_in().await);
    let page = ana.get("/devices").await.text().await.unwrap();
    assert!(page.contains("This device") && page.contains("127.0.0.1"), "{page}");
    let own = devices(&ana).await[0].id.to_string();
    assert_eq!(ana.sends("sign-out-device", &[("device", &own)], "/devices").await, "/devices");
    assert_eq!(ana.get("/devices").await.headers()["location"], "/sign-in?next=/devices");
}

async fn the_last_use_is_written_only_for_sessions_in_use(url: String) {
    let core = open(&url).await;
    let ana = core.writer.register(account("ana")).await.unwrap();
    for key in [[1; 32], [2; 32]] {
        let (data, expires_at) = ("{}".into(), Millis(i64::MAX >> 10));
        let row = SessionRow { key, user: Some(ana), data, used_at: Millis(key[0].into()), expires_at };
        core.writer.insert_session(row).await.unwrap();
    }
    core.session_activity.note([1; 32]);
    core.session_activity.note([9; 32]);
    let before = core.clock.now();
    janitor::note_activity(&core).await.unwrap();
    let mut snapshot = core.db.snapshot().await.unwrap();
    let rows = sessions::of_user(&mut snapshot.conn(), ana, Millis(0), 10).await.unwrap();
    let [used, unused] = &rows[..] else { panic!("{rows:?}") };
    assert_eq!((used.key, unused.key, unused.used_at), ([1; 32], [2; 32], Millis(2)));
    assert!(used.used_at >= before, "{:?}", used.used_at);
    drop(snapshot);
    core.close().await;
}
each_database!(the_last_use_is_written_only_for_sessions_in_use);
