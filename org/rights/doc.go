// Package rights works out who may do what on a day: which job-function roles everybody
// holds, narrowed to which data, and the whole chain of why, down to file and line.
//
// # The rules
//
// Somebody holds a job when an assignment of that day reaches them and none takes it away.
// How assignments reach people is told at [org.Assignment]. Beyond that:
//
//   - Whoever has no engagement or association on the day holds nothing.
//   - Several assignments add up. One that takes away (Deny) wins over all of them.
//   - What an assignment excepts is left to the others.
//   - Of the system roles that somebody's jobs give in one system only the heaviest are
//     effective (vægt).
//   - A system role that several ways lead to by one job is narrowed to the values of all of
//     them together. An empty list of values means no data, never all data.
//   - A leave does not take rights away, and neither does a suspended account: both decide
//     whether somebody can log in, not what they may do then.
//   - An assignment to a unit that has closed does not go over to its successor.
//
// # Cost
//
// [On] walks the tree of units once with the assignments that hold there, so it takes time
// in proportion to what people hold, and not to people times assignments.
package rights
