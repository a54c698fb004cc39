//! The callers: the demo accounts, and the accounts that the province makes for districts and departments.

use super::client::{Caller, Failure, Service, Told, text};
use super::stage::{Stage, all};
use serde::Deserialize;
use serde_json::{Value, json};
use std::rc::Rc;

/// A demo account, as `demo-users.json` has it.
#[derive(Debug, Clone, Deserialize)]
pub struct Account {
    pub username: String,
    pub password: String,
    pub role: String,
    pub org_unit: String,
}

/// The callers of the story.
pub struct Cast {
    accounts: Vec<Account>,
    /// The provincial committee.
    pub province: Caller,
    /// The provincial police.
    pub police: Caller,
    /// The desk that takes the reports in.
    pub desk: Caller,
    pub centre: Caller,
    pub operations: Caller,
    /// Who checks guests in at Lục Yên.
    pub operator: Caller,
    pub commune: Caller,
    /// Departments with an account of their own, by unit.
    pub departments: Vec<(String, Caller)>,
}

/// A district committee with its account, and the place it will nominate.
pub struct District {
    pub unit: String,
    pub name: String,
    pub place: &'static Place,
    pub caller: Caller,
}

/// A place of the story: facts of the province, with an invented site.
#[derive(Debug)]
pub struct Place {
    pub district: &'static str,
    pub slug: &'static str,
    pub site: &'static str,
    pub kind: &'static str,
    pub reason: &'static str,
    pub lat: f64,
    pub lon: f64,
    /// Day of the festival.
    pub day: &'static str,
}

const fn place(
    (district, slug): (&'static str, &'static str),
    site: &'static str,
    (kind, reason): (&'static str, &'static str),
    (lat, lon): (f64, f64),
    day: &'static str,
) -> Place {
    Place { district, slug, site, kind, reason, lat, lon, day }
}

/// The nine districts of 2023, in the order of their festival days. The first two will be the province's pilot sites;
/// the last one forgets to nominate, and holds its festival on the last day.
#[rustfmt::skip]
pub const PLACES: [Place; 9] = [
    place(("huyện Lục Yên", "lucyen"), "Khu dân cư trung tâm xã Mường Lai", ("residential_area", "ethnic_minority_area"), (22.10, 104.77), "07-12"),
    place(("huyện Văn Yên", "vanyen"), "Xã An Thịnh", ("commune", "priority_area"), (21.87, 104.69), "07-20"),
    place(("thành phố Yên Bái", "tpyenbai"), "Phường Đồng Tâm", ("ward", "urban_zone"), (21.71, 104.88), "07-25"),
    place(("thị xã Nghĩa Lộ", "nghialo"), "Phường Pú Trạng", ("ward", "ethnic_minority_area"), (21.60, 104.51), "07-28"),
    place(("huyện Mù Cang Chải", "mucangchai"), "Thị trấn Mù Cang Chải", ("township", "ethnic_minority_area"), (21.85, 104.09), "08-02"),
    place(("huyện Trấn Yên", "tranyen"), "Khu dân cư thị trấn Cổ Phúc", ("residential_area", "religious_area"), (21.75, 104.82), "08-05"),
    place(("huyện Văn Chấn", "vanchan"), "Trường học trên địa bàn thị trấn Sơn Thịnh", ("educational_institution", "other"), (21.56, 104.57), "08-09"),
    place(("huyện Yên Bình", "yenbinh"), "Doanh nghiệp trong khu công nghiệp phía Nam", ("enterprise", "industrial_zone"), (21.73, 104.94), "08-12"),
    place(("huyện Trạm Tấu", "tramtau"), "Thị trấn Trạm Tấu", ("township", "ethnic_minority_area"), (21.46, 104.39), "08-19"),
];

/// Departments that get an account of their own beside the demo's: part of the name, user name.
const DEPARTMENTS: [(&str, &str); 3] =
    [("Sở Thông tin và Truyền thông", "sotttt"), ("Tỉnh đoàn Yên Bái", "tinhdoan"), ("Hội Liên hiệp Phụ nữ tỉnh Yên Bái", "hoilhpn")];

impl Cast {
    /// Signs the demo accounts in.
    pub async fn gather(service: &Rc<Service>, accounts: Vec<Account>) -> Told<Self> {
        let of = async |role: &str| sign_in(service, &accounts, role).await;
        Ok(Self {
            province: of("provincial_administrator").await?,
            police: of("standing_agency").await?,
            desk: of("movement_division").await?,
            centre: of("central_viewer").await?,
            operations: of("operations_centre").await?,
            operator: of("checkin_operator").await?,
            commune: of("commune").await?,
            departments: Vec::new(),
            accounts,
        })
    }

    /// The demo account of a role.
    pub fn account(&self, role: &str) -> Told<&Account> {
        find(&self.accounts, role)
    }

    /// Who reports for a department: its own account, else the province.
    pub fn department(&self, unit: &str) -> &Caller {
        self.departments.iter().find(|(own, _)| own == unit).map_or(&self.province, |(_, caller)| caller)
    }
}

fn find<'a>(accounts: &'a [Account], role: &str) -> Told<&'a Account> {
    let found = accounts.iter().find(|account| account.role == role);
    found.ok_or_else(|| Failure::new(format!("tài khoản mẫu có vai trò {role}"), "không có trong tệp tài khoản"))
}

async fn sign_in(service: &Rc<Service>, accounts: &[Account], role: &str) -> Told<Caller> {
    let account = find(accounts, role)?;
    Caller::sign_in(service, &account.username, &account.password).await
}

/// The province makes the accounts that are missing: their names carry the year, so each run has its own.
pub async fn make_accounts(stage: &mut Stage) -> Told<()> {
    stage.chapter("Tỉnh cấp tài khoản cho các huyện và các sở, ngành, đoàn thể");
    let units = all(&stage.cast.province, "/org-units?kind=district_committee&limit=200").await?;
    for place in &PLACES {
        let (unit, name) = unit_named(&units, place.district)?;
        let own = stage.cast.account("district").ok().filter(|account| account.org_unit == unit).cloned();
        let caller = match own {
            Some(account) => Caller::sign_in(&stage.service, &account.username, &account.password).await?,
            None => make_own(stage, place.slug, (&name, "district", &unit)).await?,
        };
        stage.districts.push(District { unit, name, place, caller });
    }
    let own = stage.cast.account("department")?.clone();
    let caller = Caller::sign_in(&stage.service, &own.username, &own.password).await?;
    stage.cast.departments.push((own.org_unit, caller));
    let units = all(&stage.cast.province, "/org-units?level=province&limit=200").await?;
    for (name, slug) in DEPARTMENTS {
        let (unit, name) = unit_named(&units, name)?;
        let caller = make_own(stage, slug, (&name, "department", &unit)).await?;
        stage.cast.departments.push((unit, caller));
    }
    println!("  Chín huyện, {} sở, ngành, đoàn thể tự đăng nhập; các nơi khác do tỉnh nhập thay.", stage.cast.departments.len());
    Ok(())
}

fn unit_named(units: &[Value], name: &str) -> Told<(String, String)> {
    let found = units.iter().find(|unit| text(unit, "/name").is_ok_and(|full| full.ends_with(name)));
    let unit = found.ok_or_else(|| Failure::new(format!("đơn vị {name}"), "không có trong danh sách đơn vị"))?;
    Ok((text(unit, "/id")?.to_owned(), text(unit, "/name")?.to_owned()))
}

async fn make_own(stage: &Stage, slug: &str, whose: (&str, &str, &str)) -> Told<Caller> {
    make_account(&stage.service, &stage.cast.province, &format!("{slug}.{}", stage.year), whose).await
}

/// Makes an account for a body, by its name, a role and its unit, and signs in.
pub async fn make_account(service: &Rc<Service>, maker: &Caller, username: &str, (name, role, unit): (&str, &str, &str)) -> Told<Caller> {
    let password = format!("mat-khau-{}", uuid::Uuid::new_v4());
    let body =
        json!({"username": username, "full_name": format!("Thư ký {name}"), "password": password, "role": role, "org_unit_id": unit});
    maker.post("/users", &body).await?.want(201)?;
    Caller::sign_in(service, username, &password).await
}
