//! One event id for browser and server.

use crate::hashed::sha256_hex;

/// How many hex digits an id has: 128 bits.
const LEN: usize = 32;

/// An event id made of what both sides know, such as the name of the event and the number of the order.
///
/// Meta counts an event of the pixel and one of the server once when their names and ids are equal and they
/// arrive within 48 hours. Both sides make the same id from the same parts, so none needs to be handed over.
/// Take the name of the event first, and then what tells this event apart from all others of that name: an id of an
/// order, of a cart, or of a page view. Do not take personal data: the id is sent as it is.
///
/// The id is the first 32 hex digits of the SHA-256 digest of the parts, each written as its length in bytes of
/// UTF-8, a colon, and the part itself; so `["ab", "c"]` and `["a", "bc"]` differ. The same in a browser:
///
/// ```js
/// const eventId = async (...parts) => { const e = new TextEncoder(); return [...new Uint8Array(await crypto.subtle.digest("SHA-256", e.encode(parts.map(p => e.encode(p).length + ":" + p).join(""))))].map(b => b.toString(16).padStart(2, "0")).join("").slice(0, 32); };
/// fbq("track", "Purchase", {value: 129.90, currency: "EUR"}, {eventID: await eventId("Purchase", "order-1001")});
/// ```
///
/// ```
/// use sociogram_capi::event_id;
///
/// assert_eq!(event_id::stable(&["Purchase", "order-1001"]), "a0c15d039d9521e119bfd00a001f3e06");
/// ```
pub fn stable(parts: &[&str]) -> String {
    let mut text = String::with_capacity(parts.iter().map(|part| part.len() + 4).sum());
    for part in parts {
        text.push_str(&part.len().to_string());
        text.push(':');
        text.push_str(part);
    }
    let mut id = sha256_hex(&text);
    id.truncate(LEN);
    id
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ids_are_those_of_the_browser() {
        // Made by the function in the documentation.
        for (parts, id) in [
            (&["Purchase", "order-1001"][..], "a0c15d039d9521e119bfd00a001f3e06"),
            (&["Lead", "straße 1", "😀"], "7e0bc4fc4fc6eb2d9fd59047e85797b6"),
            (&[], "e3b0c44298fc1c149afbf4c8996fb924"),
        ] {
            assert_eq!(stable(parts), id, "{parts:?}");
        }
    }

    proptest! {
        #[test]
        fn other_parts_give_another_id(one in prop::collection::vec("[a:0-3]{0,3}", 0..4), two in prop::collection::vec("[a:0-3]{0,3}", 0..4)) {
            let id = |parts: &[String]| stable(&parts.iter().map(String::as_str).collect::<Vec<_>>());
            prop_assert_eq!(one == two, id(&one) == id(&two));
            prop_assert_eq!(id(&one).len(), LEN);
        }
    }
}
