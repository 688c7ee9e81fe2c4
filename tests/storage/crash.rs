//! The real program, killed while people post: whatever was acknowledged is there afterwards, once and in its place.

use crate::support::{Live, Person, chat, message_id};
use hubbub::model::{MessageId, Seq};
use hubbub::wire::{Anchor, ClientFrame, ServerFrame};
use std::collections::BTreeMap;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, Command};

struct Program {
    child: Child,
    address: SocketAddr,
}

impl Program {
    async fn start(data: &Path, address: SocketAddr) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hubbub"))
            .env_remove("DATABASE_URL")
            .env("HUBBUB_DATA", data)
            .env("HUBBUB_LISTEN", address.to_string())
            .env("HUBBUB_LOG", "warn")
            .current_dir(data)
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let ready = lines.next_line().await.unwrap().expect("the program ended before it was ready");
        assert_eq!(ready, format!("Hubbub is ready: http://{address}"));
        Program { child, address }
    }

    async fn connect(&self, person: &Person) -> Live {
        let mut live = Live::open(self.address, &person.cookie).await.unwrap();
        assert!(matches!(live.hello().await, ServerFrame::Welcome { .. }));
        live
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn a_crash_at_any_moment_loses_and_doubles_nothing_that_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let mut acknowledged: BTreeMap<MessageId, Seq> = BTreeMap::new();
    let mut sent: Vec<MessageId> = Vec::new();
    let mut people: Vec<Person> = Vec::new();

    // Killed after ever more acknowledgements, so that the moments differ.
    for kill_after in [1, 10, 37, 90, 200] {
        let mut program = Program::start(folder.path(), free_address()).await;
        if people.is_empty() {
            for name in ["ana", "tom"] {
                people.push(chat::register_at(program.address, name).await);
            }
        }
        let mut posting = program.connect(&people[0]).await;
        let mut also = program.connect(&people[1]).await;
        // More than the server takes from one user at once: some are always still to be read when it is killed.
        for _ in 0..600 {
            for live in [&mut posting, &mut also] {
                let id = message_id();
                sent.push(id);
                live.post(id, "hello").await;
            }
        }
        for n in 0..kill_after {
            let live = if n % 2 == 0 { &mut posting } else { &mut also };
            let (id, seq) = live
                .find(|frame| match frame {
                    ServerFrame::Posted { id, rows, .. } => Some((id, rows.messages[0].seq)),
                    _ => None,
                })
                .await;
            acknowledged.insert(id, seq);
        }
        program.child.kill().await.unwrap();
    }

    let program = Program::start(folder.path(), free_address()).await;
    let mut reader = program.connect(&people[0]).await;
    let mut standing: BTreeMap<MessageId, Seq> = BTreeMap::new();
    let mut after = Seq(0);
    loop {
        reader
            .send(&ClientFrame::History {
                request: 1,
                conversation: hubbub::model::ConversationId(1),
                at: Anchor::After(after),
                limit: 100,
            })
            .await;
        let window =
            reader.find(|frame| if let ServerFrame::Window { window, .. } = frame { Some(window) } else { None }).await;
        let Some(last) = window.messages.last() else { break };
        for message in &window.messages {
            assert_eq!(message.seq, after.next(), "a gap");
            after = message.seq;
            assert_eq!(standing.insert(message.id, message.seq), None, "{} stands twice", message.id);
        }
        after = last.seq;
    }
    for (id, seq) in &acknowledged {
        assert_eq!(standing.get(id), Some(seq), "{id} was acknowledged at {seq}");
    }
    assert!(standing.keys().all(|id| sent.contains(id)), "nothing stands that was not sent");
    assert!(standing.len() < sent.len(), "the program was killed too late to prove anything");
}
