//! ISO 3166-1: two-letter codes, three-letter codes, and the English names people type.

use unicode_normalization::UnicodeNormalization;

/// Officially assigned codes with their English names, reduced to lower-case letters without accents;
/// sorted by the two-letter code.
const COUNTRIES: &[(&str, &str, &[&str])] = &[
    ("ad", "and", &["andorra"]),
    ("ae", "are", &["unitedarabemirates", "uae", "emirates"]),
    ("af", "afg", &["afghanistan"]),
    ("ag", "atg", &["antiguaandbarbuda"]),
    ("ai", "aia", &["anguilla"]),
    ("al", "alb", &["albania"]),
    ("am", "arm", &["armenia"]),
    ("ao", "ago", &["angola"]),
    ("aq", "ata", &["antarctica"]),
    ("ar", "arg", &["argentina"]),
    ("as", "asm", &["americansamoa"]),
    ("at", "aut", &["austria"]),
    ("au", "aus", &["australia"]),
    ("aw", "abw", &["aruba"]),
    ("ax", "ala", &["alandislands", "aland"]),
    ("az", "aze", &["azerbaijan"]),
    ("ba", "bih", &["bosniaandherzegovina", "bosnia"]),
    ("bb", "brb", &["barbados"]),
    ("bd", "bgd", &["bangladesh"]),
    ("be", "bel", &["belgium"]),
    ("bf", "bfa", &["burkinafaso"]),
    ("bg", "bgr", &["bulgaria"]),
    ("bh", "bhr", &["bahrain"]),
    ("bi", "bdi", &["burundi"]),
    ("bj", "ben", &["benin"]),
    ("bl", "blm", &["saintbarthelemy", "stbarthelemy"]),
    ("bm", "bmu", &["bermuda"]),
    ("bn", "brn", &["bruneidarussalam", "brunei"]),
    ("bo", "bol", &["bolivia", "plurinationalstateofbolivia", "boliviaplurinationalstateof"]),
    ("bq", "bes", &["bonairesinteustatiusandsaba", "caribbeannetherlands"]),
    ("br", "bra", &["brazil"]),
    ("bs", "bhs", &["bahamas", "thebahamas"]),
    ("bt", "btn", &["bhutan"]),
    ("bv", "bvt", &["bouvetisland"]),
    ("bw", "bwa", &["botswana"]),
    ("by", "blr", &["belarus"]),
    ("bz", "blz", &["belize"]),
    ("ca", "can", &["canada"]),
    ("cc", "cck", &["cocoskeelingislands", "cocosislands"]),
    ("cd", "cod", &["democraticrepublicofthecongo", "congodemocraticrepublicofthe", "congokinshasa"]),
    ("cf", "caf", &["centralafricanrepublic"]),
    ("cg", "cog", &["congo", "republicofthecongo", "congobrazzaville"]),
    ("ch", "che", &["switzerland"]),
    ("ci", "civ", &["cotedivoire", "ivorycoast"]),
    ("ck", "cok", &["cookislands"]),
    ("cl", "chl", &["chile"]),
    ("cm", "cmr", &["cameroon"]),
    ("cn", "chn", &["china", "peoplesrepublicofchina"]),
    ("co", "col", &["colombia"]),
    ("cr", "cri", &["costarica"]),
    ("cu", "cub", &["cuba"]),
    ("cv", "cpv", &["caboverde", "capeverde"]),
    ("cw", "cuw", &["curacao"]),
    ("cx", "cxr", &["christmasisland"]),
    ("cy", "cyp", &["cyprus"]),
    ("cz", "cze", &["czechia", "czechrepublic"]),
    ("de", "deu", &["germany", "federalrepublicofgermany"]),
    ("dj", "dji", &["djibouti"]),
    ("dk", "dnk", &["denmark"]),
    ("dm", "dma", &["dominica"]),
    ("do", "dom", &["dominicanrepublic"]),
    ("dz", "dza", &["algeria"]),
    ("ec", "ecu", &["ecuador"]),
    ("ee", "est", &["estonia"]),
    ("eg", "egy", &["egypt"]),
    ("eh", "esh", &["westernsahara"]),
    ("er", "eri", &["eritrea"]),
    ("es", "esp", &["spain"]),
    ("et", "eth", &["ethiopia"]),
    ("fi", "fin", &["finland"]),
    ("fj", "fji", &["fiji"]),
    ("fk", "flk", &["falklandislands", "falklandislandsmalvinas"]),
    ("fm", "fsm", &["micronesia", "federatedstatesofmicronesia", "micronesiafederatedstatesof"]),
    ("fo", "fro", &["faroeislands"]),
    ("fr", "fra", &["france"]),
    ("ga", "gab", &["gabon"]),
    (
        "gb",
        "gbr",
        &["unitedkingdom", "unitedkingdomofgreatbritainandnorthernireland", "greatbritain", "britain"],
    ),
    ("gd", "grd", &["grenada"]),
    ("ge", "geo", &["georgia"]),
    ("gf", "guf", &["frenchguiana"]),
    ("gg", "ggy", &["guernsey"]),
    ("gh", "gha", &["ghana"]),
    ("gi", "gib", &["gibraltar"]),
    ("gl", "grl", &["greenland"]),
    ("gm", "gmb", &["gambia", "thegambia"]),
    ("gn", "gin", &["guinea"]),
    ("gp", "glp", &["guadeloupe"]),
    ("gq", "gnq", &["equatorialguinea"]),
    ("gr", "grc", &["greece"]),
    ("gs", "sgs", &["southgeorgiaandthesouthsandwichislands"]),
    ("gt", "gtm", &["guatemala"]),
    ("gu", "gum", &["guam"]),
    ("gw", "gnb", &["guineabissau"]),
    ("gy", "guy", &["guyana"]),
    ("hk", "hkg", &["hongkong"]),
    ("hm", "hmd", &["heardislandandmcdonaldislands"]),
    ("hn", "hnd", &["honduras"]),
    ("hr", "hrv", &["croatia"]),
    ("ht", "hti", &["haiti"]),
    ("hu", "hun", &["hungary"]),
    ("id", "idn", &["indonesia"]),
    ("ie", "irl", &["ireland", "republicofireland"]),
    ("il", "isr", &["israel"]),
    ("im", "imn", &["isleofman"]),
    ("in", "ind", &["india"]),
    ("io", "iot", &["britishindianoceanterritory"]),
    ("iq", "irq", &["iraq"]),
    ("ir", "irn", &["iran", "islamicrepublicofiran", "iranislamicrepublicof"]),
    ("is", "isl", &["iceland"]),
    ("it", "ita", &["italy"]),
    ("je", "jey", &["jersey"]),
    ("jm", "jam", &["jamaica"]),
    ("jo", "jor", &["jordan"]),
    ("jp", "jpn", &["japan"]),
    ("ke", "ken", &["kenya"]),
    ("kg", "kgz", &["kyrgyzstan"]),
    ("kh", "khm", &["cambodia"]),
    ("ki", "kir", &["kiribati"]),
    ("km", "com", &["comoros"]),
    ("kn", "kna", &["saintkittsandnevis", "stkittsandnevis"]),
    ("kp", "prk", &["northkorea", "democraticpeoplesrepublicofkorea", "koreademocraticpeoplesrepublicof"]),
    ("kr", "kor", &["southkorea", "republicofkorea", "korearepublicof"]),
    ("kw", "kwt", &["kuwait"]),
    ("ky", "cym", &["caymanislands"]),
    ("kz", "kaz", &["kazakhstan"]),
    ("la", "lao", &["laos", "laopeoplesdemocraticrepublic"]),
    ("lb", "lbn", &["lebanon"]),
    ("lc", "lca", &["saintlucia", "stlucia"]),
    ("li", "lie", &["liechtenstein"]),
    ("lk", "lka", &["srilanka"]),
    ("lr", "lbr", &["liberia"]),
    ("ls", "lso", &["lesotho"]),
    ("lt", "ltu", &["lithuania"]),
    ("lu", "lux", &["luxembourg"]),
    ("lv", "lva", &["latvia"]),
    ("ly", "lby", &["libya"]),
    ("ma", "mar", &["morocco"]),
    ("mc", "mco", &["monaco"]),
    ("md", "mda", &["moldova", "republicofmoldova", "moldovarepublicof"]),
    ("me", "mne", &["montenegro"]),
    ("mf", "maf", &["saintmartin", "saintmartinfrenchpart", "stmartin"]),
    ("mg", "mdg", &["madagascar"]),
    ("mh", "mhl", &["marshallislands"]),
    ("mk", "mkd", &["northmacedonia", "macedonia"]),
    ("ml", "mli", &["mali"]),
    ("mm", "mmr", &["myanmar", "burma"]),
    ("mn", "mng", &["mongolia"]),
    ("mo", "mac", &["macao", "macau"]),
    ("mp", "mnp", &["northernmarianaislands"]),
    ("mq", "mtq", &["martinique"]),
    ("mr", "mrt", &["mauritania"]),
    ("ms", "msr", &["montserrat"]),
    ("mt", "mlt", &["malta"]),
    ("mu", "mus", &["mauritius"]),
    ("mv", "mdv", &["maldives"]),
    ("mw", "mwi", &["malawi"]),
    ("mx", "mex", &["mexico"]),
    ("my", "mys", &["malaysia"]),
    ("mz", "moz", &["mozambique"]),
    ("na", "nam", &["namibia"]),
    ("nc", "ncl", &["newcaledonia"]),
    ("ne", "ner", &["niger"]),
    ("nf", "nfk", &["norfolkisland"]),
    ("ng", "nga", &["nigeria"]),
    ("ni", "nic", &["nicaragua"]),
    (
        "nl",
        "nld",
        &["netherlands", "thenetherlands", "holland", "netherlandskingdomofthe", "kingdomofthenetherlands"],
    ),
    ("no", "nor", &["norway"]),
    ("np", "npl", &["nepal"]),
    ("nr", "nru", &["nauru"]),
    ("nu", "niu", &["niue"]),
    ("nz", "nzl", &["newzealand"]),
    ("om", "omn", &["oman"]),
    ("pa", "pan", &["panama"]),
    ("pe", "per", &["peru"]),
    ("pf", "pyf", &["frenchpolynesia"]),
    ("pg", "png", &["papuanewguinea"]),
    ("ph", "phl", &["philippines", "thephilippines"]),
    ("pk", "pak", &["pakistan"]),
    ("pl", "pol", &["poland"]),
    ("pm", "spm", &["saintpierreandmiquelon", "stpierreandmiquelon"]),
    ("pn", "pcn", &["pitcairn", "pitcairnislands"]),
    ("pr", "pri", &["puertorico"]),
    ("ps", "pse", &["palestine", "stateofpalestine", "palestinestateof"]),
    ("pt", "prt", &["portugal"]),
    ("pw", "plw", &["palau"]),
    ("py", "pry", &["paraguay"]),
    ("qa", "qat", &["qatar"]),
    ("re", "reu", &["reunion"]),
    ("ro", "rou", &["romania"]),
    ("rs", "srb", &["serbia"]),
    ("ru", "rus", &["russianfederation", "russia"]),
    ("rw", "rwa", &["rwanda"]),
    ("sa", "sau", &["saudiarabia"]),
    ("sb", "slb", &["solomonislands"]),
    ("sc", "syc", &["seychelles"]),
    ("sd", "sdn", &["sudan"]),
    ("se", "swe", &["sweden"]),
    ("sg", "sgp", &["singapore"]),
    ("sh", "shn", &["sainthelenaascensionandtristandacunha", "sainthelena", "sthelena"]),
    ("si", "svn", &["slovenia"]),
    ("sj", "sjm", &["svalbardandjanmayen"]),
    ("sk", "svk", &["slovakia", "slovakrepublic"]),
    ("sl", "sle", &["sierraleone"]),
    ("sm", "smr", &["sanmarino"]),
    ("sn", "sen", &["senegal"]),
    ("so", "som", &["somalia"]),
    ("sr", "sur", &["suriname"]),
    ("ss", "ssd", &["southsudan"]),
    ("st", "stp", &["saotomeandprincipe"]),
    ("sv", "slv", &["elsalvador"]),
    ("sx", "sxm", &["sintmaarten", "sintmaartendutchpart"]),
    ("sy", "syr", &["syria", "syrianarabrepublic"]),
    ("sz", "swz", &["eswatini", "swaziland"]),
    ("tc", "tca", &["turksandcaicosislands"]),
    ("td", "tcd", &["chad"]),
    ("tf", "atf", &["frenchsouthernterritories"]),
    ("tg", "tgo", &["togo"]),
    ("th", "tha", &["thailand"]),
    ("tj", "tjk", &["tajikistan"]),
    ("tk", "tkl", &["tokelau"]),
    ("tl", "tls", &["timorleste", "easttimor"]),
    ("tm", "tkm", &["turkmenistan"]),
    ("tn", "tun", &["tunisia"]),
    ("to", "ton", &["tonga"]),
    ("tr", "tur", &["turkiye", "turkey"]),
    ("tt", "tto", &["trinidadandtobago"]),
    ("tv", "tuv", &["tuvalu"]),
    ("tw", "twn", &["taiwan", "taiwanprovinceofchina"]),
    ("tz", "tza", &["tanzania", "unitedrepublicoftanzania", "tanzaniaunitedrepublicof"]),
    ("ua", "ukr", &["ukraine"]),
    ("ug", "uga", &["uganda"]),
    ("um", "umi", &["unitedstatesminoroutlyingislands"]),
    ("us", "usa", &["unitedstatesofamerica", "unitedstates", "america"]),
    ("uy", "ury", &["uruguay"]),
    ("uz", "uzb", &["uzbekistan"]),
    ("va", "vat", &["holysee", "vaticancity", "vatican"]),
    ("vc", "vct", &["saintvincentandthegrenadines", "stvincentandthegrenadines"]),
    ("ve", "ven", &["venezuela", "bolivarianrepublicofvenezuela", "venezuelabolivarianrepublicof"]),
    ("vg", "vgb", &["britishvirginislands", "virginislandsbritish"]),
    ("vi", "vir", &["unitedstatesvirginislands", "usvirginislands", "virginislandsus"]),
    ("vn", "vnm", &["vietnam"]),
    ("vu", "vut", &["vanuatu"]),
    ("wf", "wlf", &["wallisandfutuna"]),
    ("ws", "wsm", &["samoa"]),
    ("ye", "yem", &["yemen"]),
    ("yt", "myt", &["mayotte"]),
    ("za", "zaf", &["southafrica"]),
    ("zm", "zmb", &["zambia"]),
    ("zw", "zwe", &["zimbabwe"]),
];

/// The two-letter code itself when it is assigned; lower case only.
pub(super) fn alpha2(code: &str) -> Option<&'static str> {
    let wanted = number(code)?;
    let at = COUNTRIES.binary_search_by_key(&Some(wanted), |(alpha2, _, _)| number(alpha2)).ok()?;
    COUNTRIES.get(at).map(|(alpha2, _, _)| *alpha2)
}

/// Two letters as a number in the same order.
fn number(code: &str) -> Option<u16> {
    code.as_bytes().try_into().ok().map(u16::from_be_bytes)
}

/// The two-letter code for a code or an English name. Case, accents, spaces and punctuation do not
/// matter; nothing is guessed from parts of a name.
pub(super) fn find(text: &str) -> Option<&'static str> {
    // Most senders give the code.
    if let [first, second] = text.trim().as_bytes()
        && first.is_ascii_alphabetic()
        && second.is_ascii_alphabetic()
    {
        let code = [first.to_ascii_lowercase(), second.to_ascii_lowercase()];
        return by_letters(std::str::from_utf8(&code).ok()?);
    }
    let letters: String = text.nfkd().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect();
    by_letters(&letters)
}

fn by_letters(letters: &str) -> Option<&'static str> {
    match letters {
        "uk" => Some("gb"),
        code if code.len() == 2 => alpha2(code),
        name => COUNTRIES
            .iter()
            .find(|(_, alpha3, names)| *alpha3 == name || names.contains(&name))
            .map(|(alpha2, _, _)| *alpha2),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_sorted_and_unambiguous() {
        assert_eq!(COUNTRIES.len(), 249);
        assert!(COUNTRIES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        let mut names: Vec<&str> =
            COUNTRIES.iter().flat_map(|(_, alpha3, names)| names.iter().chain([alpha3]).copied()).collect();
        assert!(names.iter().all(|name| name.len() > 2 && name.bytes().all(|b| b.is_ascii_lowercase())));
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
    }

    #[test]
    fn codes_and_names() {
        for (text, code) in [
            ("us", "us"),
            ("US!", "us"),
            ("u.s.", "us"),
            ("ＵＳ", "us"),
            ("USA", "us"),
            ("United States of America", "us"),
            ("uk", "gb"),
            ("United Kingdom", "gb"),
            ("Côte d’Ivoire", "ci"),
            ("Türkiye", "tr"),
            ("İT", "it"),
            ("Guinea-Bissau", "gw"),
            ("Republic of Korea", "kr"),
        ] {
            assert_eq!(find(text), Some(code), "{text}");
        }
        for text in ["", "xx", "eu", "xk", "an", "ıt", "840", "Deutschland", "Republic of Romania", "Indo"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
