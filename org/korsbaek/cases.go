package korsbaek

// Root is the unit at the top: the municipality itself.
const Root = "korsbaek-kommune"

// What FK Organisation knows the municipality by.
const (
	CVR            = "99189703"
	FKOrganisation = "b4f2d843-ad1b-481d-9da6-f5f19baf37fe" // the UUID of the Organisation object, which KOMBIT makes
)

// People's keys, by the case they are in the sample for.
const (
	// TeacherAtTwoSchools has two engagements, 0.6 at Østre Skole (primary) and 0.4 at
	// Vestre Skole since 2025-08-01, and one account for both.
	TeacherAtTwoSchools = "p7k3f9q"
	// HourlySubstitute is a timelønnet lærervikar at Østre Skole for the school year
	// 2026/27, with no fraction of full time.
	HourlySubstitute = "pw4m8ed"
	// TwoEqualJobs has two engagements that differ in nothing but key and payroll number.
	TwoEqualJobs = "pe9d5lk"
	// Politician is the mayor: an engagement with vederlag for the council's term, and
	// the leader of the council. Her account is a user in FK Organisation.
	Politician = "pk8r4ub"
	// Volunteer has an association and neither engagement nor account.
	Volunteer = "pw9n6ze"
	// ExternalConsultant has an association with a sponsor (the head of IT) and a company,
	// until 2027-03-31, and an account that is no user in FK Organisation.
	ExternalConsultant = "px5e9vs"
	// ExternalUser is another consultant, whose account is an external user in FK Organisation.
	ExternalUser = "px8c3wt"
	// Sponsor answers for ExternalConsultant.
	Sponsor = "pj9x5tg"
	// LeaderOfTwo leads the school and the day care of Ådalen; the one engagement is at
	// the school.
	LeaderOfTwo = "pt9b4sm"
	// ActingLeader is konstitueret in ActingUnit since 2026-11-01.
	ActingLeader = "pe6u3mt"
	// OnMaternityLeave is away from 2026-09-14 to 2027-08-08; the accounts stay open.
	OnMaternityLeave = "pa8v5nr"
	// MaternityTemp covers OnMaternityLeave from 2026-09-01 to 2027-08-08.
	MaternityTemp = "pz3h7ke"
	// OnClosingLeave is on leave for the school year 2026/27 with closed accounts.
	OnClosingLeave = "pc9t2vh"
	// ChangesName has another surname from 2026-12-05, four days after Today.
	ChangesName = "pf5j9xb"
	// Shielded has a protected address (adressebeskyttelse) and states no phone or room.
	Shielded = "pq6n3xu"
	// TwoAccounts has a personal account and an admin account; only the personal one is a
	// user in FK Organisation.
	TwoAccounts = "pr8s4dw"
	// AnnulledHire was to begin on 2026-11-01; on 2026-10-20 the hire was annulled.
	AnnulledHire = "pb7q3wn"
	// BackDatedStart began on 2026-11-16, which was reported two weeks later.
	BackDatedStart = "ps2m9hv"
	// Rehired left in 2024 and began again on 2026-10-01 elsewhere, with a new payroll
	// number: two engagements, one person, one account.
	Rehired = "pg5w8rj"
	// BeginsSoon begins on 2026-12-07, within the days in which accounts are prepared.
	BeginsSoon = "pa2y6jw"
	// BeginsLater begins on 2027-02-01, before any account is prepared.
	BeginsLater = "pz7d4mh"
	// LeavesSoon works until 2026-12-31.
	LeavesSoon = "pn3u9ct"
	// HasLeft led VacantUnit until 2026-10-31 and is tied to nothing any more.
	HasLeft = "pn7w5hd"
	// Called is shown with another name (kaldenavn) than the formal one.
	Called = "py5f2xq"
	// ChiefExecutive is the kommunaldirektør, who leads both Root and the Direktion.
	ChiefExecutive = "pk2d7vz"
	// UnpaidIntern is a praktikant: an association with a sponsor and no company.
	UnpaidIntern = "pm6j2wd"
)

// Two people with the same name who work in the same unit, and so would have the same
// place in a directory.
const (
	SameNameA = "pm3y7ca"
	SameNameB = "px2g6nf"
)

// Units' keys, by the case they are in the sample for.
const (
	// NumbersUnit is a plejecenter with its own P-number and EAN number.
	NumbersUnit = "plejecenter-aabakken"
	// SelfGoverningUnit is a day care centre with its own CVR number.
	SelfGoverningUnit = "aeblehaven"
	// VacantUnit has a vacant leadership since 2026-11-01.
	VacantUnit = "jobcenter-virksomhed"
	// ActingUnit is the evening team that ActingLeader leads.
	ActingUnit = "hjemmepleje-aften"
	// ClosingUnit closes on 2026-12-31; all its people then work in SuccessorUnit, without
	// an edit to their own files.
	ClosingUnit = "boernehaven-solstraalen"
	// SuccessorUnit takes over from ClosingUnit.
	SuccessorUnit = "boernehuset-regnbuen"
	// ClosedUnit closed on 2024-12-31 with no successor.
	ClosedUnit = "turistbureauet"
	// RenamedUnit got a new name on 2026-03-01.
	RenamedUnit = "jobcenter-unge"
	// RelocatedUnit got a new phone and P-number on 2026-09-01.
	RelocatedUnit = "museet"
	// PayoutUnit pays out for PaidUnit and has a LOS short name.
	PayoutUnit = "ejendomscentret"
	PaidUnit   = "rengoeringen"
	// ContactPlace is where citizens turn to about ydelseskontoret and jobcenter, and about
	// tasks of its own.
	ContactPlace = "borgerservice"
	// InheritingUnit states no leader and answers to the one above.
	InheritingUnit = "gis-teamet"
)

// Robot is an account holder that is not a person; it has a service account.
const Robot = "rpa-faktura"

// RobotOwner answers for Robot.
const RobotOwner = "pv6k2ya"

// Hierarchy is the key of the further hierarchy: who stands under whom in a crisis.
const Hierarchy = "beredskab"
