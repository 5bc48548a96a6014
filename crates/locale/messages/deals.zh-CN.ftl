# 协议、首谈登记、小计与飞地分成，简体中文。

## 协议
agreement_upgrade = 升级为投资协议
agreement_renew = 续签
agreement_past_term = 有效期已过（{ $day }），请标为已到期、续签或延长有效期
agreement_upgraded = 已升级，两份都保留，合计只计后一份：
agreement_renewed = 已续签，两份都保留：
agreement_children = 子协议
event_agreements = 签约协议
move_to = 转为“{ $status }”
move_submit = 确定
move_done = 已转为“{ $status }”
problem_twice = 同一单位以同一角色出现了两次
problem_not_signed = 该协议未签约，或已被升级、续签、解除
problem_not_intent = 只有框架协议、备忘录、意向协议可以升级
problem_not_contract = 升级后应为投资、购销或服务协议
problem_not_framework = 所属协议应为框架协议
problem_over = 协议已解除、升级或续签，金额不再更改

## 首谈登记
lead_taken = “{ $enterprise }”已由其他单位首谈登记（{ $since } 起），请联系：{ $ask }
lead_notice = 撞单提示：“{ $enterprise }”已由其他单位首谈登记（{ $since } 起），请联系：{ $ask }
lead_twin = 本单位已就同一企业登记过
reason_lead_idle = 超过期限无进展，自动释放
problem_not_yours = 只能为本单位、下级单位或本地区的单位登记
change_lead_release = 首谈到期释放
lead_release_days = 首谈无进展自动释放（天）

## 变更的名称
change_record_add = 新建记录
change_record_edit = 修改记录
change_record_archive = 归档记录
change_record_restore = 恢复记录

## 飞地分成
record_shares = 产值税收分成
record_shares_none = 尚未登记分成
share_of = 分成内容
share_output = 产值
share_tax = 税收
share_from = 起
share_to = 止
share_sending = 飞出地
share_receiving = 飞入地
share_add = 登记分成
share_added = 已登记
share_remove = 移除
share_removed = 已移除
problem_overlap = 与已登记的同类分成期间重叠
problem_shares = 双方之和不超过 100%
entity_enclave_share = 分成
field_share_of = 分成内容
field_sending_share = 飞出地
field_receiving_share = 飞入地
change_share_add = 登记分成
change_share_remove = 移除分成

## 小计
sum_region = 小计所属地区
sum_whole = 全部协议 · { $measure }
sum_part = 分项
sum_parts = 分项小计之和 · { $measure }
sum_not_recorded = 未登记协议金额
sum_not_stated = 未载明总额
