// Package sd reads the payroll system SD-Løn (Silkeborg Data) through its web services.
//
// [Read] asks an [Asker] for each institution: [Service] is SD itself, [Folder] a folder of
// saved answers. No question names a person, so no CPR number is ever in an address or a log:
// what is asked for is the whole institution. Every answer repeats its question; an answer to
// another question is an error, and so is one that is cut, and an institution without units,
// employments or names.
//
// # What is taken how
//
//   - A unit's ID is its UUID (DepartmentUUIDIdentifier), its Code the code that people know
//     (DepartmentIdentifier). An engagement's ID is institution and employment number, such as
//     TA/11003. A person's ID is their lowest such number.
//   - GetOrganization tells which unit is above which, but of those units alone that have a
//     leaf (Afdelings-niveau) below them. For the others GetDepartmentParent is asked, upwards,
//     until a unit is reached whose place is known. The tree is that of the day; units that
//     begin later have the place that they begin in.
//   - Periods include their last day; 9999-12-31 is no end. An employment is in force with the
//     status 0 (employed, not in pay), 1 (in pay), 3 (leave) and 4 (conflict); it is over with
//     7 (emigrated or dead), 8 (left) and 9 (pension); it never was with S (deleted).
//   - GetEmployment tells of everybody on the day, and of each thing the period that is in
//     force then: what was before is not said, so a state before it may lack its unit or title.
//     Before its first status an employment is in force from its EmploymentDate on.
//     GetEmploymentChanged tells what comes. Where a status ends and nothing follows, the
//     employment goes on, with a note: that somebody leaves is only ever said by a status.
//   - Phones and mail addresses count where they belong to an employment. What belongs to the
//     person, and home addresses, are private and never taken.
//   - SD knows no leaders.
package sd
