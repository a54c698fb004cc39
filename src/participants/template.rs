//! Whom the plan says to invite: template A for the provincial pilot sites (R10), template B elsewhere (R11).
//! A template proposes; localities may adapt it (S58).

use super::model::ParticipantCategory;
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
