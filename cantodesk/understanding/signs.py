"""Signs of a language that stand in the letters themselves: the one list for all rooms.

Pure and quick, without Rasa. The assistant adds what it has learnt (``language.py``);
the front door's first guess and the ``lang`` attribute of the desk rest on these alone.
Words that speakers of the other language write too are left out: 拜拜囉, 晒太阳, 仲裁,
關係, 我個人, 七點開門.
"""

from __future__ import annotations

import re

_HAN = re.compile("[\u3400-\u9fff\U00020000-\U0003134f]")

# A classifier that nothing counts or points at stands so in Cantonese only: 我張單, 個account.
_CLASSIFIER = "[個个張张部件間间條条隻]"
_COUNTED = "(?<![這这那哪一二兩两三四五六七八九十幾几每各某多整半\\d])"
# 點 asks how before a verb, and tells the time behind a number or little behind 早, 快, 有.
_HOW = "(?<![幾几一二兩两三四五六七八九十半\\d早晚遲快慢有差好大多少平重地景要缺優优起終终觀观特焦熱热冰糕甜積积分])"
# Both scripts: people from Guangzhou and recognisers write 我张单几时到.
_CANTONESE = re.compile(
    "|".join(
        (
            "[唔冇嘅咗喺佢哋啲嗰咁噉嚟乜咩嘢攞搵揾睇俾畀啱㗎喎諗嬲揸瞓唞嘥攰啫噃喐孭嘩𨋢掟冚嚿嗌哂嗮啩揀嘈靚]",
            "(?<![關关聯联維维])係",
            "系[咪唔邊边度]",
            "(?<![防日暴])晒(?![太图單单乾干衣])",
            "喇(?![叭嘛])",
            "吓(?![到人唬死坏壞跑了])",
            "[點点][解樣样算知]|[成搞][點点]",
            _HOW + "點(?=[a-z買搞退用去計揀改入取租查收落下整填申登做換寄訂加報連聯過交])",
            _HOW + "点(?=[a-z买搞退落揀改])",
            "[幾几][時时多錢钱耐]|幾[大遠長](?![於度])",
            "[去到係喺响]邊(?![緣境])|[去到喺系响]边(?![缘境])",
            "邊[度個間位張款部隻種條單份樣啲日區]|边[度个间位张部只款样]",
            "[聽听尋寻琴噚][日晚朝]|而家|依家|宜家|[下上晏朝][晝昼]|頭先|先至",
            "同埋|埋[單嚟]|定[係系]|(?<!中)仲(?![裁介夏秋冬春])",
            "呢[個个度啲件張张部間间款次邊边條条隻份單单位層层區区句家]",
            "[我你]" + _CLASSIFIER + "(?![人位別别])",
            _COUNTED + _CLASSIFIER + "(?=[a-z])",
            _COUNTED + "(?:張單|件貨|間舖|個掣|份單|隻碼|部機|個盒)",
            "波鞋|呃[人錢]|極都|[好壞爛臭嘈貴慢到]到[死嘔爆]|[錢得唔]架(?![子構設空起])",
            "[退攞寄換收還補入拎賣買覆找送拿]返|返[錢嚟黎屋]",
            "搞掂|得唔|得[收揀睇查]",
            "細路|阿[媽爸婆爺女]|屋企|銀紙|早晨|再傾|傾[下偈]|[睇租買供]樓|[舖鋪]頭|間[舖鋪]",
            "[落開]單|落咗|食[飯煙]|飲茶|鍾意|多謝|幫手|成日|日日|一齊|[\\d百千十幾]蚊",
            "回水|磅水|過數|入數|甩單|cut ?[單单]",
            "[a-z] ?(?:緊|返|埋|晒|吓|下[^單載])",
        )
    )
)
# What a speaker of Mandarin writes and Cantonese does without; 的 and 了 inside a clause stand in
# formal Hong Kong writing too.
_MANDARIN = re.compile(
    "[吗嗎么麼您这這没沒们們吧哪啥咱喔]|[給给][我你他她]|[能可]不[能可]|是不是|有沒有|在[哪這那]|怎|什|為何"
    "|[了的](?=[^\u3400-\u9fffa-z]|$)|太.{1,3}了|東西|星期天|[杯襪裙鞋桌]子|店面|[看買租]房"
    "|还是|還是|還沒|多少錢|[昨今明後]天|[剛刚]才|看一下|找不到|誰|幾天|那[個条張]|一下$|挺|跟我"
)
# The register of letters and forms, the same in both.
_FORMAL = re.compile("貴公司|貴司|本人|敬請|煩請|懇請|茲|欲|將之|之[^前後間]|閣下|敬啟")


def has_han(line: str) -> bool:
    """Whether a Chinese character stands in it."""
    return bool(_HAN.search(line))


def is_cantonese(line: str) -> bool:
    """Whether something stands in it that is written in Cantonese only."""
    return bool(_CANTONESE.search(line.lower()))


def is_mandarin(line: str) -> bool:
    """Whether something stands in it that is written in Mandarin, and hardly in Hong Kong."""
    return bool(_MANDARIN.search(line))


def is_formal(line: str) -> bool:
    """Whether it is in the language of letters, which both write."""
    return bool(_FORMAL.search(line))
