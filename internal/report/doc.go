// Package report writes the files that GitLab's own widgets read from a pipeline: JUnit (which checks failed, and where),
// Code Quality (what is wrong with which line) and Terraform (how much a plan creates, changes and takes away). All three
// are shown on GitLab Free.
//
// # What GitLab reads, and what it does with the rest
//
// GitLab's parsers are forgiving in ways that hide mistakes: of two test cases of one suite, class and name it keeps one;
// of two findings with the same fingerprint too; and it stops reading Code Quality at the first element that it does not
// like. The tests of this package read the files back by those rules, and demand that nothing was lost.
//
// # No number, no secret
//
// Everything passes through the mask for CPR numbers, although findings hold none: a report is an artifact that many can
// download.
package report
