// Package review says whether a proposal is approved: what is in it, who has to approve that, who did, and whether
// everything on main since the last run got there in that way. It speaks to nobody: the facts about merge requests and
// commits are handed to it.
//
// # Three questions
//
//   - [Classify]: what is in a proposal, and who has to approve it? Every change and every consequence in the systems has a
//     kind (org.ReviewKinds); the rules sort kinds into classes; the proposal gets the strictest class of all that it holds.
//     What no class names is decided by the working group.
//   - [Judge]: is one merge request approved? The people who approved it are counted by name, without the proposer and
//     whoever wrote the commits, and only approvals given after the last push, for the head that is judged.
//   - [Cover]: is everything on main approved that has come there since the last run? Each commit has to be the merge of a
//     merge request that was approved by the rules of the commit before it, and to hold exactly what merging gives.
//
// # What is believed
//
// The rules, the working group, leaders and their usernames are read from main as it was before the merge, never from the
// branch. What a branch says about itself (its labels, its description, the trailers of its commits) chooses no class; a
// trailer counts only on a commit that a trusted key has signed, and then it can only take approvers away or name the
// source whose class main's rules know. A fact that is missing (no time, no versions, no commits, an unknown user) never
// counts as approval.
package review
