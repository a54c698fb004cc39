//! Official documents: the same figures as the answers in JSON beside them, as paper, workbook and list.

use super::completeness::campaign_elsewhere;
use super::reports::{draft_of, step};
use super::support::*;
use chrono::NaiveDate;
use ngayhoi::official_document::{Block, Cell, Column, Document, Header, Paper, Signature, Table};
use ngayhoi::official_text::{self, Format};
use regex::Regex;
use std::collections::BTreeMap;
use std::io::{Cursor, Read};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The file of an answer, with its media type and its name as they must be.
#[track_caller]
fn file<'a>(answer: &'a Answer, kind: &str, ending: &str) -> &'a [u8] {
    assert_eq!(answer.status, 200, "{}: {}", answer.path, answer.text);
    assert_eq!(answer.header("content-type").unwrap().split(';').next(), Some(kind));
    let name = answer.header("content-disposition").unwrap();
    assert!(name.starts_with("attachment; filename=\"bao-cao-") && name.contains("filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20"), "{name}");
    assert!(name.ends_with(ending), "{name}");
    &answer.bytes
}

/// The text of a DOCX, as the project's own reader of plans sees it.
async fn text(client: &Client, path: &str) -> String {
    let answer = client.get(path).await;
    official_text::read(file(&answer, DOCX, ".docx"), Format::Docx).unwrap()
}

/// The records of a CSV, by the titles of its columns.
async fn records(client: &Client, path: &str) -> Vec<BTreeMap<String, String>> {
    let answer = client.get(&format!("{path}?format=csv")).await;
    let bytes = file(&answer, "text/csv", ".csv").strip_prefix(b"\xEF\xBB\xBF").expect("a byte order mark");
    csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

/// Numbers and formulas of the sheets of a workbook, by the name of the sheet and of the cell.
struct Book {
    numbers: BTreeMap<(String, String), i64>,
    formulas: BTreeMap<(String, String), (String, String)>,
    words: String,
}

impl Book {
    fn read(bytes: &[u8]) -> Self {
        let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut part = |name: &str| {
            let mut xml = String::new();
            archive.by_name(name).unwrap().read_to_string(&mut xml).unwrap();
            xml
        };
        let (book, words) = (part("xl/workbook.xml"), part("xl/sharedStrings.xml"));
        let names = Regex::new(r#"<sheet name="([^"]+)""#).unwrap();
        let cell = Regex::new(r#"<c r="([A-Z]+[0-9]+)"([^>]*)>(?:<f>([^<]*)</f>)?<v>([^<]*)</v></c>"#).unwrap();
        let (mut numbers, mut formulas) = (BTreeMap::new(), BTreeMap::new());
        for (at, name) in (1..).zip(names.captures_iter(&book)) {
            for found in cell.captures_iter(&part(&format!("xl/worksheets/sheet{at}.xml"))) {
                let key = (name[1].to_owned(), found[1].to_owned());
                if let Some(formula) = found.get(3) {
                    formulas.insert(key.clone(), (formula.as_str().to_owned(), found[4].to_owned()));
                }
                if !found[2].contains("t=\"s") && !found[4].is_empty() {
                    numbers.insert(key, found[4].parse().unwrap());
                }
            }
        }
        Self { numbers, formulas, words }
    }

    /// What a formula of ours comes to, worked out from the cells it names.
    fn calculate(&self, sheet: &str, formula: &str) -> Option<i64> {
        let whole = Regex::new(r#"^IF\(COUNT\((.+)\)=0,"",SUM\((.+)\)\)$"#).unwrap();
        if formula == "\"\"" {
            return None;
        }
        let parts = whole.captures(formula).unwrap_or_else(|| panic!("{formula}"));
        assert_eq!(parts[1], parts[2]);
        let values: Vec<i64> = parts[1].split(',').flat_map(|cells| self.values(sheet, cells)).collect();
        (!values.is_empty()).then(|| values.iter().sum())
    }

    fn values(&self, sheet: &str, cells: &str) -> Vec<i64> {
        let (sheet, cells) = cells.split_once('!').map_or((sheet, cells), |(sheet, cells)| (sheet.trim_matches('\''), cells));
        let (from, to) = cells.split_once(':').unwrap_or((cells, cells));
        let column = from.trim_end_matches(|c: char| c.is_ascii_digit());
        let row = |cell: &str| cell.trim_start_matches(|c: char| c.is_ascii_uppercase()).parse::<u32>().unwrap();
        (row(from)..=row(to)).filter_map(|row| self.numbers.get(&(sheet.to_owned(), format!("{column}{row}"))).copied()).collect()
    }
}

fn number(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(text.parse::<i64>().unwrap()) }
}

fn figures() -> Value {
    json!({
        "sites_held": {"value": 12, "basis": "counted"},
        "attendance_count": {"value": 3_400, "basis": "estimated"},
        "leaflets": {"value": 0, "basis": "counted"},
        "forums_held": {"is_nil": true},
        "spending_vnd": {"value": 35_000_000, "basis": "counted"},
    })
}

#[tokio::test]
async fn the_document_of_a_report_says_what_the_report_says() {
    let app = TestApp::start().await;
    let (district, draft) = draft_of(&app, "Lục Yên", figures()).await;
    let narrative = "=Ngày hội diễn ra an toàn, đông đủ.\n- Không có <sự cố> & vướng mắc.";
    let report = district.patch_if(&draft.location(), &draft, json!({"narrative": narrative})).await;
    let path = format!("{}/document", draft.location());

    let read = text(&district, &path).await;
    let lines: Vec<&str> = read.lines().collect();
    for line in [
        "BAN CHỈ ĐẠO 138 HUYỆN LỤC YÊN",
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "BÁO CÁO",
        "I. SỐ LIỆU",
        "Số lượt người tham dự Ngày hội",
        "3.400",
        "ước tính",
        "35.000.000",
        "Kinh phí đã chi: bằng chữ: ba mươi lăm triệu đồng.",
        "II. KẾT QUẢ THỰC HIỆN",
        "=Ngày hội diễn ra an toàn, đông đủ.",
        "- Không có <sự cố> & vướng mắc.",
        "Nơi nhận:",
        "- Lưu: VT.",
        "TRƯỞNG BAN",
    ] {
        assert!(lines.contains(&line), "{line}: {read}");
    }
    let reading = official_text::parse(&read);
    assert_eq!(reading.symbol.unwrap().value, "BC-BCĐ");
    assert_eq!((reading.number, reading.issued_on), (None, None), "left to the clerk");
    assert!(reading.title.unwrap().value.contains("Kết quả tổ chức Ngày hội"));

    let book = district.get(&format!("{path}?format=xlsx")).await;
    let book = Book::read(file(&book, XLSX, ".xlsx"));
    let values: Vec<i64> = book.numbers.iter().filter(|((_, cell), _)| cell.starts_with('D')).map(|(_, value)| *value).collect();
    assert_eq!(values.len(), 4, "what is missing and what is nil is no zero: {values:?}");
    assert!(book.words.contains("không phát sinh") && book.words.contains("chưa nêu"));

    let listed = records(&district, &path).await;
    assert_eq!(listed.len(), 22);
    for record in &listed {
        let figure = &report.body["figures"][&record["Mã chỉ tiêu"]];
        assert_eq!(number(&record["Số liệu"]), figure["value"], "{record:?}");
        let note = match (figure["basis"].as_str(), figure["is_nil"].as_bool()) {
            (Some("counted"), _) => "thống kê",
            (Some(_), _) => "ước tính",
            (None, Some(true)) => "không phát sinh",
            (None, _) => "chưa nêu",
        };
        assert_eq!(record["Ghi chú"], note, "{record:?}");
        assert_eq!(record["Đơn vị báo cáo"], "Ban Chỉ đạo 138 huyện Lục Yên");
    }
}

#[tokio::test]
async fn the_document_of_the_consolidation_adds_up_to_the_totals_of_the_answer() {
    let app = TestApp::start().await;
    let desk = app.sign_in(Role::StandingAgency).await;
    for (district, value) in [("Lục Yên", 12), ("Văn Yên", 1_406), ("Trạm Tấu", 7)] {
        let mut figures = figures();
        figures["sites_held"]["value"] = json!(value);
        let (client, draft) = draft_of(&app, district, figures).await;
        let told = client.patch_if(&draft.location(), &draft, json!({"narrative": format!("Lời của {district}.")})).await;
        let submitted = step(&client, &told, "submit").await;
        if value != 7 {
            step(&desk, &submitted, "accept").await.expect(200);
        }
    }
    let answer = format!("/api/v1/campaigns/{}/consolidation", app.campaign_id().await);
    let path = format!("{answer}/document");
    let shown = desk.get(&answer).await.expect(200).clone();
    let totals = shown["totals"].as_array().unwrap();

    let listed = records(&desk, &path).await;
    for total in totals {
        let of = |kind: &str| {
            let rows = listed.iter().filter(|row| row["Loại dòng"] == kind && total["code"] == row["Mã chỉ tiêu"].as_str());
            rows.collect::<Vec<_>>()
        };
        let row = of("tổng")[0];
        assert_eq!(number(&row["Số liệu"]), total["value"]);
        for (title, name) in
            [("Báo cáo nêu", "source_count"), ("Báo cáo không phát sinh", "nil_count"), ("Báo cáo chưa nêu", "missing_count")]
        {
            assert_eq!(number(&row[title]), total[name]);
        }
        let rows: Vec<(Value, &String)> = of("nguồn").iter().map(|row| (number(&row["Số liệu"]), &row["Đơn vị báo cáo"])).collect();
        let sources: Vec<(Value, String)> = total["sources"]
            .as_array()
            .unwrap()
            .iter()
            .map(|source| (source["value"].clone(), source["org_unit_name"].as_str().unwrap().to_owned()))
            .collect();
        assert_eq!(rows, sources.iter().map(|(value, name)| (value.clone(), name)).collect::<Vec<_>>());
        assert!(of("nguồn").iter().all(|row| row["Cấp"] == "Cấp huyện"));
    }

    let book = desk.get(&format!("{path}?format=xlsx")).await;
    let book = Book::read(file(&book, XLSX, ".xlsx"));
    assert!(book.formulas.len() == 66, "a level and its sum for each indicator, and the level's own: {}", book.formulas.len());
    for ((sheet, cell), (formula, result)) in &book.formulas {
        assert_eq!(book.calculate(sheet, formula).map_or(Value::Null, |sum| json!(sum)), number(result), "{sheet} {cell} {formula}");
    }
    // The sums of the summary are the totals of the answer, in their order.
    for (row, total) in (5..).zip(totals) {
        let (_, result) = &book.formulas[&("Tổng hợp".to_owned(), format!("F{row}"))];
        assert_eq!(number(result), total["value"], "{}", total["code"]);
    }

    let read = text(&desk, &path).await;
    for line in
        ["Yên Bái, ngày … tháng … năm 2023", "II. SỐ LIỆU TỔNG HỢP", "1.418", "6.800", "PHỤ LỤC", "Cấp huyện", "PHÓ CHỦ TỊCH UBND TỈNH"]
    {
        assert!(read.lines().any(|shown| shown == line), "{line}: {read}");
    }
    assert!(!read.contains("Lời của"), "words are given when they are asked for");
    let told = text(&desk, &format!("{path}?with_narratives=true")).await;
    assert!(told.contains("Lời của Văn Yên.") && !told.contains("Lời của Trạm Tấu."), "of accepted reports only");
    let centre = app.sign_in(Role::OperationsCentre).await;
    let told = text(&centre, &format!("{path}?with_narratives=true")).await;
    assert!(!told.contains("Lời của"), "and by who may read reports");

    // A district consolidates for its own, and nothing of the others is in its file.
    let own = app.district("Lục Yên").await;
    let listed = records(&own, &path).await;
    assert!(listed.iter().all(|row| !row["Đơn vị báo cáo"].contains("Văn Yên")));
    assert!(text(&own, &path).await.lines().any(|line| line == "BAN CHỈ ĐẠO 138 HUYỆN LỤC YÊN"));
}

#[tokio::test]
async fn the_document_of_a_consolidation_of_nothing_has_no_zeros() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/campaigns/{}/consolidation/document", app.campaign_id().await);
    let desk = app.sign_in(Role::StandingAgency).await;
    assert!(records(&desk, &path).await.iter().all(|row| row["Số liệu"].is_empty()));
    let book = desk.get(&format!("{path}?format=xlsx")).await;
    let book = Book::read(file(&book, XLSX, ".xlsx"));
    assert!(book.formulas.values().all(|(_, result)| result.is_empty()));
    text(&desk, &path).await;
}

#[tokio::test]
async fn the_document_of_the_lights_has_every_rule_with_clause_figures_and_next_step() {
    let app = TestApp::start().await;
    app.set_now("2023-08-20T00:00:00+07:00");
    let province = app.sign_in(Role::ProvincialAdministrator).await;
    let answer = format!("/api/v1/campaigns/{}/compliance", app.campaign_id().await);
    let path = format!("{answer}/document");
    let lights = province.get(&answer).await.expect(200).clone();
    let rules = lights["rules"].as_array().unwrap();
    // Whatever the language asked for, an official document is in Vietnamese.
    let listed = records(&province.in_english(), &path).await;
    let mut rows = listed.iter();
    for rule in rules {
        let facts = rule["facts"].as_array().unwrap();
        for at in 0..facts.len().max(1) {
            let row = rows.next().unwrap();
            assert_eq!((json!(row["Mã"]), json!(row["Lý do"])), (rule["rule_id"].clone(), rule["reason"].clone()));
            let clause = match rule["clause"].as_str().unwrap() {
                "preamble" => "Phần mở đầu",
                "closing" => "Đoạn kết",
                clause => clause,
            };
            assert!(row["Điều khoản"].starts_with(clause));
            assert_eq!(row["Việc cần làm"], rule["next"].as_str().unwrap_or_default());
            assert_eq!(row["Thời hạn"].is_empty(), rule["deadline"].is_null());
            let fact = facts.get(at).cloned().unwrap_or_else(|| json!({"name": "", "value": null, "expected": null}));
            assert_eq!(json!(row["Mã số liệu"]), fact["name"]);
            assert_eq!((number(&row["Giá trị"]), number(&row["Cần đạt"])), (fact["value"].clone(), fact["expected"].clone()));
        }
    }
    assert_eq!(rows.next(), None);
    let red = listed.iter().find(|row| row["Mã"] == "R2" && row["Mã số liệu"] == "missing").unwrap();
    assert_eq!((red["Kết quả"].as_str(), red["Mức độ"].as_str(), red["Giá trị"].as_str()), ("vi phạm", "bắt buộc", "35"));

    let read = text(&province, &path).await;
    for words in ["TRƯỞNG BAN", "PHÓ CHỦ TỊCH UBND TỈNH", "II. TỪNG QUY ĐỊNH", "Chưa nộp: 35 (cần đạt 0)", "theo Kế hoạch số 81/KH-BCĐ"]
    {
        assert!(read.contains(words), "{words}: {read}");
    }
    for rule in rules {
        assert!(read.lines().any(|line| line == rule["rule_id"]), "{}", rule["rule_id"]);
    }
    let book = province.get(&format!("{path}?format=xlsx")).await;
    assert!(Book::read(file(&book, XLSX, ".xlsx")).words.contains("II.2.2.3"));
    let plan = app.text("SELECT id FROM plans WHERE parent_plan_id IS NULL").await;
    file(&province.get(&format!("{path}?plan_id={plan}")).await, DOCX, ".docx");

    let district = app.district("Lục Yên").await;
    assert!(text(&district, &path).await.lines().any(|line| line == "BAN CHỈ ĐẠO 138 HUYỆN LỤC YÊN"), "who sees a part is judged on it");
}

#[tokio::test]
async fn a_document_is_refused_to_whom_the_answer_is() {
    let app = TestApp::start().await;
    let (district, report) = draft_of(&app, "Lục Yên", figures()).await;
    let (campaign, elsewhere) = (app.campaign_id().await, campaign_elsewhere(&app).await);
    let other = app.district("Văn Yên").await;
    let nothing = "018b2f19-e79e-7d6a-a56d-29feb6211b04";
    for (path, hidden, who, refused) in [
        (format!("/api/v1/reports/{}", report.id()), format!("/api/v1/reports/{}", report.id()), &other, Role::OperationsCentre),
        (
            format!("/api/v1/campaigns/{campaign}/consolidation"),
            format!("/api/v1/campaigns/{elsewhere}/consolidation"),
            &district,
            Role::Department,
        ),
        (
            format!("/api/v1/campaigns/{campaign}/compliance"),
            format!("/api/v1/campaigns/{elsewhere}/compliance"),
            &district,
            Role::CheckinOperator,
        ),
    ] {
        let document = format!("{path}/document");
        for format in ["", "?format=docx", "?format=xlsx", "?format=csv"] {
            district.get(&format!("{document}{format}")).await.expect(200);
            app.anonymous().get(&format!("{document}{format}")).await.expect_problem(401, "unauthenticated");
            app.sign_in(refused).await.get(&format!("{document}{format}")).await.expect_problem(403, "forbidden");
            who.get(&format!("{hidden}/document{format}")).await.expect_problem(404, "not_found");
        }
        let missing = path.replace(&report.id(), nothing).replace(&campaign, nothing);
        district.get(&format!("{missing}/document")).await.expect_problem(404, "not_found");
        for query in ["format=pdf", "format=", "format=DOCX", "format=csv&format=csv", "khong_co=1"] {
            district.get(&format!("{document}?{query}")).await.expect_problem(400, "invalid_parameter");
        }
    }
    let compliance = format!("/api/v1/campaigns/{campaign}/compliance/document");
    let unknown = district.get(&format!("{compliance}?plan_id={nothing}")).await;
    assert_eq!((unknown.status, unknown.code()), (400, "invalid_parameter"), "as the answer in JSON: {}", unknown.text);
}

#[tokio::test]
async fn a_paper_that_is_written_is_read_back_by_the_reader_of_plans() {
    let table = Table {
        columns: vec![Column::new("Chỉ tiêu", 3), Column::new("Số liệu", 1)],
        rows: vec![vec![Cell::text("Số tờ rơi"), Cell::Number(1_406)]],
        has_totals: false,
    };
    let paper = Paper {
        header: Header {
            superior: Some("Ủy ban nhân dân tỉnh Yên Bái".into()),
            issuer: "Ban Chỉ đạo 138".into(),
            number: Some(97),
            symbol: "BC-BCĐ".into(),
            place: Some("Yên Bái".into()),
            issued_on: NaiveDate::from_ymd_opt(2023, 8, 21),
            year: 2023,
        },
        kind: "Báo cáo".into(),
        subject: "Kết quả tổ chức Ngày hội trên địa bàn tỉnh Yên Bái năm 2023".into(),
        blocks: vec![
            Block::Paragraph("Thực hiện Kế hoạch số 81/KH-BCĐ ngày 24/3/2023, kết quả tổ chức Ngày hội được tổng hợp dưới đây.".into()),
            Block::Section("Số liệu".into()),
            Block::Table(table.clone()),
            Block::Section("Đánh giá".into()),
            Block::Heading("Kết quả chung".into()),
            Block::Paragraph("Ngày hội an toàn./.".into()),
        ],
        signature: Signature {
            title: "Trưởng Ban".into(),
            capacity: None,
            post: Some("Phó Chủ tịch UBND tỉnh".into()),
            name: Some("Ngô Hạnh Phúc".into()),
        },
        recipients: vec!["Bộ Công an".into(), "Công an tỉnh".into()],
        archive: "VT, NC".into(),
        appendices: Vec::new(),
    };
    let bytes = Document { name: String::new(), paper, sheets: Vec::new(), list: table }.docx().unwrap();
    let read = official_text::parse(&official_text::read(&bytes, Format::Docx).unwrap());
    assert_eq!(read.document_number.unwrap().value, "97/BC-BCĐ");
    assert_eq!(read.issued_on.unwrap().value, NaiveDate::from_ymd_opt(2023, 8, 21).unwrap());
    assert_eq!(read.issue_place.unwrap().value, "Yên Bái");
    assert_eq!(read.title.unwrap().value, "Kết quả tổ chức Ngày hội trên địa bàn tỉnh Yên Bái năm 2023");
    assert_eq!(read.territory.unwrap().value, "tỉnh Yên Bái");
    let issuer = read.issuer.unwrap().value;
    assert_eq!((issuer.name.as_str(), issuer.superior.as_deref()), ("BAN CHỈ ĐẠO 138", Some("ỦY BAN NHÂN DÂN TỈNH YÊN BÁI")));
    let recipients: Vec<&str> = read.recipients.iter().map(|one| one.name.as_str()).collect();
    assert_eq!((recipients, read.archive), (vec!["Bộ Công an", "Công an tỉnh"], vec!["VT".to_owned(), "NC".to_owned()]));
    let signatory = read.signatory.unwrap().value;
    assert_eq!((signatory.title.as_deref(), signatory.post.as_deref()), (Some("TRƯỞNG BAN"), Some("PHÓ CHỦ TỊCH UBND TỈNH")));
    assert_eq!(signatory.name.as_deref(), Some("Ngô Hạnh Phúc"));
}
