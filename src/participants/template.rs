//! Whom the plan says to invite: template A for the provincial pilot sites (R10), template B elsewhere (R11).
//! A template proposes; localities may adapt it (S58).

use super::model::ParticipantCategory;
use super::template_changes::TemplateChange;
use crate::error::{Message, message};
use crate::plans::parameters::{Cited, Template};
use crate::sites::model::{PilotLevel, Site};
use ParticipantCategory::{
    Commended, CommitteeMember, CommunityElder, FrontAndUnions, LocalLeader, MovementForce, Other, Press, ProvincialLeader, Resident,
    VisitingDelegate,
};
use serde::Serialize;
use utoipa::ToSchema;

/// Which of the plan's two lists of guests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs)]
pub enum InvitationTemplate {
    A,
    B,
}

impl InvitationTemplate {
    /// The template of a site.
    pub fn of(site: &Site) -> Self {
        match site.pilot_level {
            PilotLevel::Province => Self::A,
            PilotLevel::None | PilotLevel::Unit | PilotLevel::Commune | PilotLevel::District => Self::B,
        }
    }

    /// Its name.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
        }
    }

    /// The kind of the plan's rule that states it.
    pub fn rule_kind(self) -> Cited {
        match self {
            Self::A => Cited::InvitationTemplate(Template::A),
            Self::B => Cited::InvitationTemplate(Template::B),
        }
    }

    /// The plan's groups, each with its categories, in the plan's order.
    pub fn groups(self) -> &'static [&'static [ParticipantCategory]] {
        match self {
            Self::A => &[&[ProvincialLeader, CommitteeMember], &[LocalLeader, MovementForce], &[Commended, CommunityElder], &[Press]],
            Self::B => &[&[LocalLeader, CommitteeMember, FrontAndUnions], &[MovementForce], &[Commended, CommunityElder]],
        }
    }

    /// Whether it names a category.
    pub fn names(self, category: ParticipantCategory) -> bool {
        self.groups().iter().any(|group| group.contains(&category))
    }

    /// Its categories.
    pub fn categories(self) -> Vec<ParticipantCategory> {
        self.groups().concat()
    }
}

/// Whom a site invites: the plan's template, or the list that the locality put in its place (S58).
#[derive(Debug, Clone)]
pub struct Proposal {
    /// The plan's template.
    pub template: InvitationTemplate,
    /// The change of the list that holds; none where the plan's holds and always did.
    pub change: Option<TemplateChange>,
    /// The site's own categories; none where the plan's hold.
    pub adapted: Option<Vec<ParticipantCategory>>,
}

impl Proposal {
    /// The proposal of a site, by the latest change of its list.
    pub fn new(site: &Site, change: Option<TemplateChange>) -> Self {
        let adapted = change.as_ref().and_then(|change| change.categories.as_ref()).map(|names| {
            names.iter().filter_map(|name| ParticipantCategory::ALL.iter().copied().find(|one| one.as_str() == name.as_str())).collect()
        });
        Self { template: InvitationTemplate::of(site), change, adapted }
    }

    /// Whether it names a category.
    pub fn names(&self, category: ParticipantCategory) -> bool {
        self.adapted.as_ref().map_or_else(|| self.template.names(category), |own| own.contains(&category))
    }

    /// The categories with the number of their group: the plan's groups, or each of the site's own as one.
    pub fn numbered(&self) -> Vec<(i32, ParticipantCategory)> {
        match &self.adapted {
            Some(own) => (1..).zip(own.iter().copied()).collect(),
            None => (1..)
                .zip(self.template.groups())
                .flat_map(|(group_no, group)| group.iter().map(move |category| (group_no, *category)))
                .collect(),
        }
    }

    /// Number of the list among those of the site; the plan's own is 1.
    pub fn no(&self) -> i32 {
        self.change.as_ref().map_or(1, |change| change.version)
    }

    /// Version: another for each list, and for each of the plan's two templates, which follows the level of the site.
    pub fn version(&self) -> i32 {
        let of_template = match self.template {
            InvitationTemplate::A => 0,
            InvitationTemplate::B => 1,
        };
        2 * self.no() - of_template
    }
}

/// What a category is called.
pub fn label(category: ParticipantCategory) -> Message {
    match category {
        ProvincialLeader => message(
            "Ủy viên Ban Thường vụ Tỉnh ủy, lãnh đạo Ban Dân vận Tỉnh ủy",
            "Members of the Standing Board of the provincial Party Committee, leaders of its mass-mobilisation board",
        ),
        CommitteeMember => message("Thành viên Ban Chỉ đạo 138", "Members of Steering Committee 138"),
        LocalLeader => message(
            "Cấp ủy, chính quyền địa phương; lãnh đạo các xã, phường, thị trấn",
            "Local Party committee and authorities; leaders of communes, wards and townships",
        ),
        MovementForce => message(
            "Nguyên lãnh đạo, cán bộ, chiến sỹ đã và đang công tác trong lực lượng xây dựng phong trào",
            "Former leaders, and officers who served or serve in the movement-building force",
        ),
        Commended => message("Tập thể, cá nhân được khen thưởng", "Commended collectives and individuals"),
        CommunityElder => message("Người có uy tín trong cộng đồng dân cư", "Persons of standing in the community"),
        Press => message("Phóng viên các cơ quan thông tấn, báo chí", "Reporters of news agencies and the press"),
        FrontAndUnions => message("Mặt trận Tổ quốc và các đoàn thể", "Fatherland Front and mass organisations"),
        VisitingDelegate => message("Đại biểu địa phương khác về học tập kinh nghiệm", "Delegates of other localities who come to learn"),
        Resident => message("Nhân dân địa phương", "Residents"),
        Other => message("Thành phần khác", "Others"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_press_is_invited_to_provincial_pilot_sites_only() {
        assert!(InvitationTemplate::A.names(Press));
        assert!(!InvitationTemplate::B.names(Press));
        assert!(InvitationTemplate::B.names(FrontAndUnions));
        assert!(!InvitationTemplate::A.names(FrontAndUnions));
    }

    #[test]
    fn the_plan_has_four_groups_for_the_province_and_three_elsewhere_without_repetition() {
        assert_eq!((InvitationTemplate::A.groups().len(), InvitationTemplate::B.groups().len()), (4, 3));
        for template in [InvitationTemplate::A, InvitationTemplate::B] {
            let categories = template.categories();
            assert!(categories.iter().enumerate().all(|(index, category)| !categories[..index].contains(category)));
        }
    }
}
