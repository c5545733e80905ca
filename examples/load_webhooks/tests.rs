use std::collections::{HashMap, HashSet};

use bytes::Bytes;
use sociogram::webhook_verify::{DedupeKey, Event, EventKind, MetaVerifier, Secret, parse_meta};

use crate::{
    arguments::{self, Arguments, Command},
    audit::Audit,
    deliveries::{Mixture, Numbers, Signer, message_id, single},
    rates::median,
};

/// Signed by the generator, accepted and read by the library.
fn events(body: &Bytes) -> Vec<Event> {
    let verifier = MetaVerifier::builder().secret("main", Secret::new("load").unwrap()).build().unwrap();
    let signature = Signer::new("load").unwrap().sign(body);
    parse_meta(&verifier.verify([signature], body.clone()).unwrap()).unwrap().into_events()
}

fn id(event: &Event) -> String {
    let EventKind::Messaging(item) = event.kind() else { panic!("no message: {event:?}") };
    match &item.body {
        sociogram::webhook_verify::messaging::MessagingBody::Message(message) => message.mid.clone().unwrap(),
        other => panic!("no message: {other:?}"),
    }
}

#[test]
fn single_messages_have_ids_and_keys_of_their_own() {
    let numbers = Numbers::default();
    let (mut ids, mut keys) = (HashSet::new(), HashSet::new());
    for _ in 0..2000 {
        let body = single(numbers.next());
        assert!((550..=750).contains(&body.len()), "{} bytes", body.len());
        let events = events(&body);
        assert_eq!(events.len(), 1);
        assert!(ids.insert(id(&events[0])) && keys.insert(events[0].key()));
    }
}

#[test]
fn messages_that_are_sent_again_share_their_keys_and_are_in_other_batches() {
    let mixture = Mixture::default();
    let mut keys: HashMap<String, DedupeKey> = HashMap::new();
    let mut batches: HashMap<String, HashSet<Vec<String>>> = HashMap::new();
    let (mut repeats, mut all) = (0_u64, 0_u64);
    for _ in 0..2000 {
        let events = events(&mixture.next());
        assert!((1..=4).contains(&events.len()));
        let batch: Vec<String> = events.iter().map(id).collect();
        for (event, id) in events.iter().zip(&batch) {
            all += 1;
            match keys.insert(id.clone(), event.key()) {
                Some(key) => {
                    repeats += 1;
                    assert_eq!(key, event.key());
                }
                None => assert_eq!(*id, message_id(keys.len() as u64 - 1)),
            }
            batches.entry(id.clone()).or_default().insert(batch.clone());
        }
    }
    let sent = mixture.sent();
    assert_eq!((sent.messages, sent.repeats, sent.deliveries), (keys.len() as u64, repeats, 2000));
    assert_eq!(keys.values().collect::<HashSet<_>>().len(), keys.len());
    let percent = repeats * 100 / all;
    assert!((27..=33).contains(&percent), "{percent} % are repeats");
    let apart = batches.values().filter(|batches| batches.len() > 1).count();
    assert!(apart > 500, "{apart} messages are in different batches");
}

#[test]
fn a_mixture_has_many_people_and_one_page() {
    let mixture = Mixture::default();
    let events: Vec<Event> = (0..500).flat_map(|_| events(&mixture.next())).collect();
    let people: HashSet<_> = events.iter().map(|event| event.subject().unwrap().to_owned()).collect();
    let pages: HashSet<_> = events.iter().map(|event| event.account().unwrap()).collect();
    assert!(people.len() > 400 && pages.len() == 1, "{} people, {} Pages", people.len(), pages.len());
}

#[test]
fn a_signature_is_of_its_body_and_secret() {
    let (ours, other) = (Signer::new("ours").unwrap(), Signer::new("other").unwrap());
    let signature = ours.sign(b"body");
    assert!(ours.accepts(signature.as_bytes(), b"body"));
    assert!(!ours.accepts(signature.as_bytes(), b"bodx") && !other.accepts(signature.as_bytes(), b"body"));
    for broken in ["", "sha256=", &signature[..70], &signature.replace("sha256=", "sha1=")] {
        assert!(!ours.accepts(broken.as_bytes(), b"body"), "{broken}");
    }
}

fn audit(sent: u64, recorded: u64, effects: &[u64]) -> Audit {
    Audit::new(sent, recorded, effects.iter().map(|number| Some(message_id(*number))))
}

#[test]
fn an_audit_finds_what_is_missing_doubled_or_foreign() {
    assert!(audit(3, 3, &[2, 0, 1]).is_well());
    let missing = audit(3, 3, &[0, 2]);
    assert_eq!((missing.lost, missing.twice, missing.is_well()), (1, 0, false));
    let doubled = audit(3, 3, &[0, 1, 2, 1, 1]);
    assert_eq!((doubled.lost, doubled.twice, doubled.is_well()), (0, 1, false));
    // As many as were sent, and yet not the same.
    let both = audit(3, 3, &[0, 0, 1]);
    assert_eq!((both.lost, both.twice, both.is_well()), (1, 1, false));
    let foreign = audit(2, 2, &[0, 1, 7]);
    assert_eq!((foreign.unknown, foreign.is_well()), (1, false));
    assert_eq!(Audit::new(1, 1, [None]).unknown, 1);
    assert!(!audit(2, 3, &[0, 1]).is_well() && !audit(2, 1, &[0, 1]).is_well());
}

#[test]
fn the_median_of_an_even_number_is_between_the_middle_ones() {
    for (numbers, expected) in [
        (&[][..], 0.0),
        (&[5.0], 5.0),
        (&[9.0, 1.0], 5.0),
        (&[3.0, 9.0, 1.0], 3.0),
        (&[4.0, 1.0, 9.0, 2.0], 3.0),
    ] {
        assert!((median(numbers) - expected).abs() < 1e-9, "{numbers:?}");
    }
}

fn parsed(words: &[&str]) -> Result<Arguments, String> {
    match arguments::parse(words.iter().map(|word| (*word).to_owned()))? {
        Command::Run(arguments) => Ok(arguments),
        Command::Help => Err("help".to_owned()),
    }
}

#[test]
fn arguments_are_read_in_both_spellings_and_mistakes_are_named() {
    assert_eq!(parsed(&[]), Ok(Arguments::default()));
    let fast = parsed(&["--fsync=off", "--concurrency", "8", "--seconds=3"]).unwrap();
    assert_eq!((fast.fsync, fast.concurrency, fast.seconds.as_secs()), (false, 8, 3));
    let quick = parsed(&["--concurrency=8", "--quick"]).unwrap();
    let load = quick.turn * u32::try_from(quick.rounds * 4).unwrap() + quick.seconds;
    assert_eq!((quick.concurrency, load.as_secs(), quick.ends_claims), (8, 9, true));
    for (words, part) in [
        (&["--fsync"][..], "--fsync needs a value"),
        (&["--fsync", "maybe"], "on or off"),
        (&["--concurrency", "0"], "from 1 to 1000"),
        (&["--seconds", "2"], "from 3"),
        (&["--quick=1"], "unknown argument"),
        (&["fast"], "unknown argument fast"),
        (&["--help"], "help"),
    ] {
        assert!(parsed(words).unwrap_err().contains(part), "{words:?}");
    }
}
