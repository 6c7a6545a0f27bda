#!/usr/bin/env python3
"""How much of disguised spelling is found, and how much is found that is not there.

Marks are written in every way of the table of folds into real titles, the lines go through
`cluehound match --json --evasion LEVEL`, and what comes back is counted: recall by fold and level,
false hits and false leads on titles that do not name the mark. The disguises are made here, from
lists of this file and from Unihan, not from the program's tables.

usage: evasion.py --binary build/release/cluehound --titles jd_titles_A_10000.txt
                  [--seed N] [--per-fold N] [--marks FILE] [--rules DIR] [--misses N]

--marks FILE: one name a line. They are added by a rule file of their own, at the default level;
without it the names of the built-in marks are used that have three characters or four letters.
"""
import argparse
import bz2
import collections
import json
import os
import random
import re
import subprocess
import sys
import tempfile

LEVELS = ["low", "medium", "high"]
FOLDS = {
    "nocase": "low", "width": "low", "traditional": "low", "zero_width": "low", "accent": "low", "digits": "low",
    "repeat": "medium", "skip": "medium", "confusable": "medium", "leet": "medium",
    "pinyin": "high", "homophone": "high", "shape": "high", "split": "high", "shuffle": "high",
}
TARGETS = dict.fromkeys(("nocase", "width", "traditional", "zero_width", "accent", "digits"), 99)
TARGETS.update(skip=98, repeat=95, confusable=95, leet=95, pinyin=95, split=95, homophone=90, shuffle=90, shape=85)
FALSE_HITS = {"low": 1, "medium": 2, "high": 5}  # of a thousand titles

LEET = {"o": "0", "i": "1", "l": "1", "e": "3", "a": "4@", "s": "5$", "t": "7", "b": "8"}
CYRILLIC = dict(zip("aceopxyijsABCEHIJKMOPSTXY", "асеорхуіјѕАВСЕНІЈКМОРЅТХУ"))
GREEK = dict(zip("ovABEHIKMNOPTXYZ", "ονΑΒΕΗΙΚΜΝΟΡΤΧΥΖ"))
SEPARATORS = [" ", ".", "*", "·", "-", "_", "/", "|", "+", "🔥", "❤", "。", "~"]
ACCENTS = {"a": "áàâä", "e": "éèêë", "i": "íîï", "o": "óôö", "u": "úûü", "n": "ñ", "c": "ç"}
INVISIBLE = ["\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00ad"]
DIGITS = dict(zip("0123456789", "零一二三四五六七八九"))
FORMAL = dict(zip("0123456789", "零壹贰叁肆伍陆柒捌玖"))
# Groups in which each looks like each at a glance, and pairs of the same phonetic part.
ALIKE = """末未 己已巳 克尅 大太犬 人入 土士 日曰 千干于 天夭 王玉 白自 乌鸟 兔免 侯候 茶荼 戊戌戍 冶治 晴睛 拔拨 辨辩辫
贝见 巾币 今令 仑仓 代伐 住往佳 傅博搏 倍陪培 郎朗 牛午 木术本 目且 刀力 万方 丸九 凡几 田由甲申 石右 古占 吉告
李季 宁守 波坡 泼波 登橙 安按 潍维 萝罗箩 花华 迪笛 达挞 斯撕 奇骑琦 娃洼 哈蛤 蒙濛 锦绵 银很 源原 泉皇 张帐 胜性
梅海 桃挑 苹萍 茅芧 台苔抬 阳扬 洋祥 泰秦 春舂 青清 鸿鸠 福副 富副 康庚 雅稚 丽骊 兰拦 莲涟 荷何 珠株 玫枚 瑰魂
奥澳 运远 亚业 会绘 杭抗 州洲 京惊 冬咚 残践 航舫 天无 宫官 神绅 舟丹 嫦常 娥峨 北比 南喃 东冻 西酉 山仙 水永
金全 凤风 龙尤 虎虑 马妈 羊洋 牛件 猫描 狗够 熊能 鹿鹰 鹤鹏 星腥 月用 云去 雨两 雪霄 露霸 霞瑕 光先 明朋 亮高
红江 绿录 蓝篮 紫柴 黄横 黑墨 粉纷 美羡 好妤 佳住 嘉喜 宝玉 贵责 皇星 帝蒂 伊尹 丹舟 拉位 莎沙 娜那 妮泥 兰三
鲁鱼 昌唱 乐东 青责 烟咽 台合 寿涛 光尖 诸储 城诚 安鞍 丘兵 临监 朐胊 高亮 密蜜 坊妨 县具 梨犁 姜美 葱蒽 椒菽
酒洒 醋酯 茶苯 米来 面而 肉内 鸡鸽 鸭鸦 鱼鲁 虾蚂 蟹触 参叁 枣束 杏否 桔拮 橙澄 柚抽 瓜爪 豆登 粮狼 油抽 糖溏
耐耍 踏蹋 鸿鸣 尔你 克兄 特持 力刀 健键 匹四 跃妖 回徊 步涉 彪虎 达迏 双又 飞气 人八 红虹 贵遗 双叉 伊依""".split()
SPLITS = dict(line.split("=") for line in """张=弓长 权=木又 明=日月 好=女子 李=木子 林=木木 胡=古月 杨=木易 章=立早 吴=口天 江=氵工 汪=氵王
河=氵可 湖=氵胡 洋=氵羊 海=氵每 波=氵皮 潍=氵维 泸=氵卢 洲=氵州 妈=女马 妹=女未 娃=女圭 妮=女尼 娜=女那 娇=女乔
姚=女兆 姑=女古 始=女台 如=女口 驼=马它 骆=马各 骑=马奇 珍=王㐱 珠=王朱 玛=王马 瑞=王耑 理=王里 琪=王其 球=王求
朗=良月 期=其月 朝=𠦝月 胜=月生 脉=月永 腾=月朕 时=日寸 晴=日青 映=日央 旺=日王 昭=日召 晓=日尧 村=木寸 松=木公
柏=木白 枫=木风 桃=木兆 梅=木每 桂=木圭 格=木各 林=木木 杜=木土 极=木及 棉=木帛 橙=木登 杭=木亢 和=禾口 秋=禾火
科=禾斗 种=禾中 稻=禾舀 利=禾刂 香=禾日 秀=禾乃 季=禾子 思=田心 男=田力 雷=雨田 露=雨路 霸=雨革月 雪=雨彐 霞=雨叚
岩=山石 岭=山令 峰=山夆 仙=亻山 伊=亻尹 佳=亻圭 化=亻匕 们=亻门 信=亻言 保=亻呆 健=亻建 侨=亻乔 仁=亻二 体=亻本
但=亻旦 花=艹化 草=艹早 茅=艹矛 苹=艹平 莱=艹来 菜=艹采 蓝=艹监 荷=艹何 莲=艹连 萝=艹罗 葡=艹匍 荣=艹木 芳=艹方
英=艹央 苏=艹办 茶=艹木 芝=艹之 许=讠午 诗=讠寺 语=讠吾 诺=讠若 谢=讠射 请=讠青 认=讠人 记=讠己 红=纟工 纪=纟己
绿=纟录 纯=纟屯 维=纟隹 绵=纟帛 经=纟圣 结=纟吉 给=纟合 银=钅艮 铜=钅同 铁=钅失 锦=钅帛 钟=钅中 针=钅十 铃=钅令
饭=饣反 饼=饣并 饺=饣交 馆=饣官 打=扌丁 拉=扌立 拍=扌白 指=扌旨 排=扌非 提=扌是 扬=扌汤 地=土也 城=土成 坊=土方
培=土咅 坡=土皮 堡=保土 塘=土唐 场=土汤 哈=口合 吃=口乞 味=口未 咪=口米 咖=口加 啡=口非 唯=口隹 嘴=口觜 听=口斤
吗=口马 呢=口尼 叮=口丁 叶=口十 可=丁口 加=力口 知=矢口 如=女口 古=十口 合=人口 命=人叩 会=人云 全=人王 金=人玉
分=八刀 公=八厶 众=人从 从=人人 双=又又 欢=又欠 对=又寸 戏=又戈 难=又隹 鸡=又鸟 鸭=甲鸟 鸿=江鸟 鹤=隺鸟 鹏=朋鸟
期=其月 朋=月月 品=口吕 晶=日昍 森=木林 磊=石砳 鑫=金钅 岛=鸟山 灯=火丁 炉=火户 烟=火因 烤=火考 煌=火皇 炸=火乍
特=牛寺 物=牛勿 牧=牛攵 狗=犭句 猫=犭苗 狼=犭良 狮=犭师 猪=犭者 独=犭虫 虾=虫下 蚝=虫毛 蛙=虫圭 蜂=虫夆 蝶=虫枼
袜=衤末 裤=衤库 裙=衤君 神=礻申 福=礻畐 社=礻土 祥=礻羊 禄=礻录 祖=礻且 礼=礻乚 视=礻见 路=足各 跑=足包 跃=足夭
踏=足沓 邦=丰阝 郎=良阝 都=者阝 郑=关阝 邓=又阝 那=冄阝 阳=阝日 阿=阝可 陈=阝东 队=阝人 防=阝方 院=阝完 剑=佥刂
刘=文刂 别=另刂 到=至刂 斯=其斤 新=亲斤 断=米斤 斧=父斤 欧=区欠 歌=哥欠 次=冫欠 冰=冫水 冷=冫令 冻=冫东 凉=冫京
强=弓虽 弹=弓单 弘=弓厶 引=弓丨 孔=子乚 孙=子小 孩=子亥 学=⺍子 宇=宀于 安=宀女 宁=宀丁 宝=宀玉 家=宀豕 宏=宀厷
客=宀各 富=宀畐 贵=中贝 贝=冂人 财=贝才 购=贝勾 贴=贝占 资=次贝 赛=宀贝 颜=彦页 领=令页 顶=丁页 顺=川页 须=彡页
骏=马夋 鲜=鱼羊 鲁=鱼日 鲍=鱼包 鲤=鱼里 鳄=鱼噩 魅=鬼未 魔=麻鬼 魏=委鬼""".split())


def unihan_readings():
    """Toneless syllables by character, the customary one first."""
    marks = {"ā": "a", "á": "a", "ǎ": "a", "à": "a", "ē": "e", "é": "e", "ě": "e", "è": "e", "ī": "i", "í": "i",
             "ǐ": "i", "ì": "i", "ō": "o", "ó": "o", "ǒ": "o", "ò": "o", "ū": "u", "ú": "u", "ǔ": "u", "ù": "u",
             "ǖ": "v", "ǘ": "v", "ǚ": "v", "ǜ": "v", "ü": "v", "ń": "n", "ň": "n", "ǹ": "n"}
    readings, common = {}, collections.Counter()
    with bz2.open("/usr/share/unicode/Unihan_Readings.txt.bz2", "rt", encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if len(fields) != 3 or fields[1] not in ("kMandarin", "kHanyuPinlu"):
                continue
            char = chr(int(fields[0][2:], 16))
            if fields[1] == "kMandarin":
                readings.setdefault(char, fields[2].split()[0])
            else:
                first = re.match(r"([^(]+)\((\d+)\)", fields[2].split()[0])
                readings[char] = first[1]
                common[char] = int(first[2])
    return {c: "".join(marks.get(x, x) for x in r) for c, r in readings.items()}, common


class Disguise:
    """Makes one disguised spelling of a name by one fold, or None when the fold has nothing to do."""

    def __init__(self, rng):
        self.rng = rng
        self.syllable, common = unihan_readings()
        self.homophones = collections.defaultdict(list)
        for char, count in common.items():
            if count >= 3:
                self.homophones[self.syllable[char]].append(char)
        self.alike = collections.defaultdict(set)
        for group in ALIKE:
            for char in group:
                self.alike[char] |= set(group) - {char}
        self.traditional = {}
        with bz2.open("/usr/share/unicode/Unihan_Variants.txt.bz2", "rt", encoding="utf-8") as file:
            for line in file:
                fields = line.split()
                if len(fields) >= 3 and fields[1] == "kTraditionalVariant":
                    forms = [chr(int(x[2:], 16)) for x in fields[2:]]
                    char = chr(int(fields[0][2:], 16))
                    forms = [x for x in forms if x != char]
                    if len(forms) == 1 and ord(char) < 0xA000:
                        self.traditional[char] = forms[0]

    def replace_some(self, name, choices, share=0.5):
        """At least one character that has choices, each with the given share."""
        places = [i for i, c in enumerate(name) if choices(c)]
        if not places:
            return None
        chosen = {self.rng.choice(places)} | {i for i in places if self.rng.random() < share}
        return "".join(self.rng.choice(list(choices(c))) if i in chosen else c for i, c in enumerate(name))

    def replace_one(self, name, choices):
        return self.replace_some(name, choices, 0)

    def nocase(self, name):
        made = "".join(self.rng.choice((c.lower(), c.upper())) for c in name)
        return made if made != name and name.isascii() else None

    def width(self, name):
        return self.replace_some(name, lambda c: chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else "", 0.9)

    def traditional_(self, name):
        return self.replace_some(name, lambda c: self.traditional.get(c, ""), 1)

    def zero_width(self, name):
        return self.insert(name, INVISIBLE)

    def accent(self, name):
        return self.replace_some(name, lambda c: ACCENTS.get(c.lower(), ""), 0.3)

    def digits(self, name):
        if "十" in name:  # 十三 is not 十3
            return None
        table = self.rng.choice((DIGITS, FORMAL))
        back = {v: k for k, v in DIGITS.items()}
        if any(c in DIGITS for c in name):
            return "".join(table.get(c, c) for c in name)
        return self.replace_some(name, lambda c: back.get(c, ""), 1)

    def insert(self, name, signs):
        sign = self.rng.choice(signs)
        every = self.rng.random() < 0.5
        places = range(1, len(name)) if every else [self.rng.randrange(1, len(name))]
        return "".join((sign if i in places else "") + c for i, c in enumerate(name))

    def skip(self, name):
        return self.insert(name, SEPARATORS)

    def repeat(self, name):
        i = self.rng.randrange(len(name))
        return None if name[i] in " .-'&" else name[:i] + name[i] * self.rng.choice((2, 2, 3)) + name[i + 1:]

    def confusable(self, name):
        return self.replace_some(name, lambda c: CYRILLIC.get(c, "") + GREEK.get(c, ""), 0.5)

    def leet(self, name):
        return self.replace_one(name, lambda c: LEET.get(c.lower(), ""))

    def pinyin(self, name):
        if not all(c in self.syllable and ord(c) >= 0x4E00 for c in name):
            return None
        parts = [self.syllable[c] for c in name]
        style = self.rng.randrange(3)
        return " ".join(parts) if style == 0 else "".join(parts) if style == 1 else "".join(p.title() for p in parts)

    def homophone(self, name):
        return self.replace_one(name, lambda c: [x for x in self.homophones.get(self.syllable.get(c), []) if x != c])

    def shape(self, name):
        return self.replace_one(name, lambda c: self.alike.get(c, ""))

    def split(self, name):
        return self.replace_one(name, lambda c: [SPLITS[c]] if c in SPLITS and len(SPLITS[c]) == 2 else [])

    def shuffle(self, name):
        places = [i for i in range(len(name) - 1) if name[i] != name[i + 1] and name[i:i + 2].isalnum()]
        if not places:
            return None
        i = self.rng.choice(places)
        return name[:i] + name[i + 1] + name[i] + name[i + 2:]

    def make(self, fold, name):
        made = getattr(self, fold + "_" if fold == "traditional" else fold)(name)
        return made if made != name else None


def run(binary, level, rules, lines):
    command = [binary, "match", "--json", "--evasion", level] + (["--rules", rules] if rules else [])
    done = subprocess.run(command, input="\n".join(lines) + "\n", capture_output=True, encoding="utf-8", check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def built_in_names(plain_words):
    """The names of the built-in marks, with or without those that are plain words."""
    import yaml  # python3-yaml
    packs = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "rules", "packs")
    for pack in sorted(os.listdir(packs)):
        with open(os.path.join(packs, pack), encoding="utf-8") as file:
            content = yaml.safe_load(file) or {}
        for mark in content.get("marks") or []:
            keys = ["aliases"] + (["aliases_in_context", "cloaks"] if plain_words else [])
            aliases = [a["term"] if isinstance(a, dict) else str(a) for key in keys for a in mark.get(key) or []]
            own = plain_words or not mark.get("needs_context")
            for name in ([str(mark.get("name", ""))] if own else []) + aliases:
                if name:
                    yield str(mark["id"]), name


def is_long_enough(name):
    signs = [c for c in name if c.isalnum()]
    return len(signs) >= 4 if name.isascii() else len(signs) >= 3


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--binary", required=True)
    options.add_argument("--titles", required=True)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--per-fold", type=int, default=1000)
    options.add_argument("--marks")
    options.add_argument("--rules")
    options.add_argument("--misses", type=int, default=0, help="how many misses to show of each fold")
    options = options.parse_args()
    rng = random.Random(options.seed)
    titles = [line.rstrip("\n") for line in open(options.titles, encoding="utf-8")]
    rules = options.rules
    folder = tempfile.TemporaryDirectory()
    if options.marks:
        rules = folder.name
        with open(os.path.join(rules, "bench.yaml"), "w", encoding="utf-8") as file:
            file.write("marks:\n")
            names = []
            for i, name in enumerate(x.strip() for x in open(options.marks, encoding="utf-8") if x.strip()):
                names.append((f"bench-{i}", name))
                file.write(f"  - {{id: bench-{i}, kind: trademark, name: {json.dumps(name, ensure_ascii=False)}, "
                           "certainty: unverified}\n")
    else:
        names = list(built_in_names(False))
    # A name that stands in a plain title by itself would be found without being read.
    names = sorted({(mark, name) for mark, name in names if is_long_enough(name)})
    plain = run(options.binary, "high", rules, [name for _, name in names])
    names = [(m, n) for (m, n), r in zip(names, plain) if any(h["mark"] == m for h in r["hits"])]
    print(f"{len(names)} names of {len({m for m, _ in names})} marks, seed {options.seed}")

    disguise = Disguise(rng)
    cases = []  # fold, mark, spelling, line
    clean = [t for t in titles if t]
    for fold in FOLDS:
        made = 0
        for _ in range(options.per_fold * 30):
            mark, name = rng.choice(names)
            spelling = disguise.make(fold, name)
            if spelling is None:
                continue
            words = rng.choice(clean).split(" ")
            words.insert(rng.randrange(len(words) + 1), spelling)
            cases.append((fold, mark, spelling, " ".join(words)))
            made += 1
            if made == options.per_fold:
                break
    found = {level: run(options.binary, level, rules, [c[3] for c in cases]) for level in LEVELS}
    failed = False
    print(f"{'fold':12}{'cases':>7}" + "".join(f"{level:>9}" for level in LEVELS) + f"{'target':>9}")
    for fold, level in FOLDS.items():
        rows = [i for i, c in enumerate(cases) if c[0] == fold]
        if not rows:
            print(f"{fold:12}{0:7}")
            continue
        recall = {}
        for each in LEVELS:
            hit = [any(h["mark"] == cases[i][1] for h in found[each][i]["hits"]) for i in rows]
            recall[each] = 100 * sum(hit) / len(rows)
            if each == "high":
                misses = [cases[i] for i, ok in zip(rows, hit) if not ok]
        missed = recall["high"] < TARGETS[fold] or recall[level] < TARGETS[fold]
        failed |= missed
        print(f"{fold:12}{len(rows):7}" + "".join(f"{recall[x]:8.1f}%" for x in LEVELS) +
              f"{TARGETS[fold]:8}%" + ("  MISSED" if missed else ""))
        for case in misses[:options.misses]:
            print(f"    {case[1]}: {case[2]}    in: {case[3][:60]}")

    by_mark = collections.defaultdict(list)
    for mark, name in list(built_in_names(True)) + names:
        by_mark[mark].append(re.sub(r"\W", "", name).lower())
    for level in LEVELS:
        results = run(options.binary, level, rules, titles)
        false_hits = []
        leads = 0
        for title, result in zip(titles, results):
            text = re.sub(r"\W", "", title).lower()
            wrong = [h for h in result["hits"] if h["mark"] and not any(n in text for n in by_mark.get(h["mark"], []))]
            if wrong:
                false_hits.append((title, wrong))
            leads += result["lead"]
        rate = 1000 * len(false_hits) / len(titles)
        lead_rate = 1000 * leads / len(titles)
        missed = rate > FALSE_HITS[level] or lead_rate > 1
        failed |= missed
        print(f"{level:7} false hits {rate:.2f} of 1000 titles (at most {FALSE_HITS[level]}), "
              f"leads {lead_rate:.2f} of 1000" + ("  MISSED" if missed else ""))
        for title, wrong in false_hits[:options.misses]:
            print("    " + "; ".join(f"{h['mark']} {h['text']!r} {h['folds']}" for h in wrong) + f"    in: {title[:60]}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
