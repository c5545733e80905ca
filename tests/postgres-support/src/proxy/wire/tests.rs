use super::*;

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len() + LENGTH).unwrap();
    [&[kind][..], &length.to_be_bytes(), body].concat()
}

fn statement(text: &str) -> Sent {
    Sent::Statement(text.to_owned())
}

#[test]
fn a_simple_query_is_a_statement() {
    let sent = Client::default().take(&message(b'Q', b"COMMIT\0"));
    assert_eq!(sent, [statement("COMMIT"), Sent::ReadyWanted]);
}

#[test]
fn a_prepared_statement_is_known_by_its_name_each_time_it_runs() {
    let mut client = Client::default();
    let prepare =
        [message(b'P', b"s1\0UPDATE a\0\0\0"), message(b'D', b"Ss1\0"), message(b'S', b"")].concat();
    assert_eq!(client.take(&prepare), [Sent::ReadyWanted]);
    assert_eq!(client.take(&message(b'P', b"s2\0DELETE b\0\0\0")), []);
    let run = |name: &[u8]| {
        let bind = message(b'B', &[b"\0", name, b"\0\0\0\0\0\0\0"].concat());
        [bind, message(b'E', b"\0\0\0\0\0"), message(b'S', b"")].concat()
    };
    assert_eq!(client.take(&run(b"s1")), [statement("UPDATE a"), Sent::ReadyWanted]);
    assert_eq!(client.take(&run(b"s2")), [statement("DELETE b"), Sent::ReadyWanted]);
    assert_eq!(client.take(&run(b"s1")), [statement("UPDATE a"), Sent::ReadyWanted]);
}

#[test]
fn messages_are_the_same_in_any_pieces() {
    let stream = [
        message(b'P', b"s\0SELECT 1\0\0\0"),
        message(b'd', &[7; 300]),
        message(b'B', b"p\0s\0\0\0\0\0\0\0"),
        message(b'E', b"p\0\0\0\0\0"),
        message(b'S', b""),
        message(b'Q', b"SELECT 2\0"),
    ]
    .concat();
    let expected = [statement("SELECT 1"), Sent::ReadyWanted, statement("SELECT 2"), Sent::ReadyWanted];
    for size in [1, 2, 3, 5, 7, 64, stream.len()] {
        let mut client = Client::default();
        let sent: Vec<_> = stream.chunks(size).flat_map(|piece| client.take(piece)).collect();
        assert_eq!(sent, expected, "pieces of {size}");
    }
}

#[test]
fn a_server_is_ready_where_the_message_ends() {
    let (row, ready) = (message(b'D', b"ZZZZZZZZ"), message(b'Z', b"I"));
    let stream = [row.as_slice(), &ready, &row, &ready].concat();
    assert_eq!(Server::default().take(&stream), [row.len() + ready.len(), stream.len()]);
    let mut server = Server::default();
    let (one, other) = stream.split_at(row.len() + 2);
    assert!(server.take(one).is_empty());
    assert_eq!(server.take(other), [ready.len() - 2, other.len()]);
}
