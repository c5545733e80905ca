use super::*;

fn initialized(parts: &[(u64, u64)]) -> InitializedVideo {
    let parts: Vec<Value> = parts
        .iter()
        .map(|(first, last)| json!({"uploadUrl": "https://a.example/", "firstByte": first, "lastByte": last}))
        .collect();
    serde_json::from_value(json!({"video": "urn:li:video:1", "uploadInstructions": parts})).unwrap()
}

#[test]
fn parts_that_are_not_exactly_the_file_are_refused() {
    for (parts, place) in [
        (&[(0, 9)][..], None),
        (&[(0, 3), (4, 7), (8, 9)], None),
        (&[], Some("value.uploadInstructions")),
        (&[(0, 8)], Some("value.uploadInstructions")),
        (&[(0, 10)], Some("value.uploadInstructions[0].lastByte")),
        (&[(1, 9)], Some("value.uploadInstructions[0].firstByte")),
        (&[(0, 3), (5, 9)], Some("value.uploadInstructions[1].firstByte")),
        (&[(0, 3), (3, 9)], Some("value.uploadInstructions[1].firstByte")),
        (&[(4, 9), (0, 3)], Some("value.uploadInstructions[0].firstByte")),
        (&[(0, 3), (4, 3), (4, 9)], Some("value.uploadInstructions[1].lastByte")),
        (&[(0, u64::MAX)], Some("value.uploadInstructions[0].lastByte")),
    ] {
        let refusal = initialized(parts).check(10).err();
        assert_eq!(refusal.as_ref().map(DecodeError::path), place, "{parts:?}");
    }
    assert!(initialized(&[]).check(0).is_ok());
}

#[test]
fn addresses_and_token_are_shown_nowhere() {
    let json = r#"{"video":"urn:li:video:1","uploadToken":"CANARY","captionsUploadUrl":"CANARY","uploadInstructions":
        [{"uploadUrl":"https://a.example/CANARY","firstByte":0,"lastByte":1}]}"#;
    let initialized: InitializedVideo = serde_json::from_str(json).unwrap();
    assert_eq!(initialized.upload_token.as_str(), "CANARY");
    assert!(!format!("{initialized:?}").contains("CANARY"));
}
