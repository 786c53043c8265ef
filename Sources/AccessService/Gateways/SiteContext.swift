internal import Territory

/// What a login at a site is decided by, apart from who logs in.
struct SiteContext: Sendable, Hashable {
    let site: Site
    /// Of the package release that the site pins.
    let rights: Rights
    /// The same without opening hours, which the packet threads look at apart.
    let rightsAtAnyHour: Rights
    /// What the package gives its groups.
    let groups: [String: GroupPlan]

    init(site: Site, rights: Rights, groups: [String: GroupPlan] = [:]) {
        (self.site, self.rights, self.groups) = (site, rights, groups)
        var anyHour = rights
        anyHour.openingHours = nil
        rightsAtAnyHour = anyHour
    }

    /// Whether anything that a subject uses here counts against a quota.
    func hasQuota(_ subject: Subject) -> Bool {
        let group = subject.group.flatMap { groups[$0]?.rights }
        let rights = rights.merging(group).merging(subject.rights)
        return rights.dailyOctets != nil || rights.weeklyOctets != nil || rights.monthlyOctets != nil
            || rights.dailySeconds != nil || rights.weeklySeconds != nil || rights.monthlySeconds != nil
    }
}
