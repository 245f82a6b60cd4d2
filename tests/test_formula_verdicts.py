"""Losses of the literature in many spellings, with verdicts that were derived by hand.

Y, N and ? in the order of QUESTIONS; then what the loss asks for.
"""

import pytest

from losses.formula import Formula, lint

SIGNS = {"yes": "Y", "no": "N", "unknown": "?"}
FIRST = ("finite", "non_negative")
SHAPE = ("monotone", "convex", "jumps", "corners", "growth", "influence")
QUESTIONS = {
    "residual": (*FIRST, "zero", "symmetric", *SHAPE, "scale"),
    "margin": (*FIRST, *SHAPE, "calibrated"),
    "binary": (*FIRST, *SHAPE, "proper", "calibrated"),
    "positive": (*FIRST, "zero", *SHAPE),
}
MEAN, MEDIAN, OWN = "the mean", "the median", "a center of its own"
CLASS, CHANCE = "the more likely class", "the probability"
ENDLESS, SCORE = "nothing: the cost falls without end", "a score of its own"
AWAY = "nothing: no prediction costs less than one far from the data"
KNOWN = [
    ("(y-s)^2", {}, "YYYYYYYYNNY", MEAN),
    ("(s-y)^2/2", {}, "YYYYYYYYNNY", MEAN),
    ("r*r", {}, "YYYYYYYYNNY", MEAN),
    ("abs(r)^2", {}, "YYYYYYYYNNY", MEAN),
    ("sqrt(r^4)", {}, "YYYYYYYYNNY", MEAN),
    ("3*r^2+7", {}, "YYNYYYYYNNY", MEAN),
    ("r^2-1", {}, "YNNYYYYYNNY", MEAN),
    ("abs(y-s)", {}, "YYYYYYYNNYY", MEDIAN),
    ("sqrt(r^2)", {}, "YYYYYYYNNYY", MEDIAN),
    ("max(r,-r)", {}, "YYYYYYYNNYY", MEDIAN),
    ("where(r>0,r,-r)", {}, "YYYYYYYNNYY", MEDIAN),
    ("r*sign(r)", {}, "YYYYYYYNNYY", MEDIAN),
    ("abs(r)/2+abs(-r)/2", {}, "YYYYYYYNNYY", MEDIAN),
    ("c^2/2*log1p((r/c)^2)", {"c": 1.0}, "YYYYYNYYNYN", OWN),
    ("log(1+r^2)", {}, "YYYYYNYYNYN", OWN),
    ("log(r^2+c^2)", {"c": 2.0}, "YYNYYNYYNYN", OWN),
    ("r^2/(2*(1+r^2))", {}, "YYYYYNYYYYN", OWN),
    ("r^2/(r^2+c)", {"c": 1.0}, "YYYYYNYYYYN", OWN),
    ("1-exp(-r^2/2)", {}, "YYYYYNYYYYN", OWN),
    ("-expm1(-(r/c)^2)", {"c": 2.0}, "YYYYYNYYYYN", OWN),
    ("sqrt(r^2+eps^2)", {"eps": 0.001}, "YYNYYYYYNYY", OWN),
    ("sqrt(1+r^2)-1", {}, "YYYYYYYYNYN", OWN),
    ("(1+r^2)^0.5-1", {}, "YYYYYYYYNYN", OWN),
    ("(1+(r/c)^2)^(1/2)-1", {"c": 1.0}, "YYYYYYYYNYN", OWN),
    ("c^2*(abs(r)/c-log(1+abs(r)/c))", {"c": 1.0}, "YYYYYYYYNYN", OWN),
    ("abs(r)-log(1+abs(r))", {}, "YYYYYYYYNYN", OWN),
    ("logcosh(r)", {}, "YYYYYYYYNYN", OWN),
    ("log((exp(r)+exp(-r))/2)", {}, "YYYYYYYYNYN", OWN),
    ("r+softplus(-2*r)-log(2)", {}, "YYYYYYYYNYN", OWN),
    ("abs(r)+log1p(exp(-2*abs(r)))-log(2)", {}, "YYYYYYYYNYN", OWN),
    ("log(cosh(a*r))/a", {"a": 2.0}, "YYYYYYYYNYN", OWN),
    ("abs(a-2)/a*(((r/c)^2/abs(a-2)+1)^(a/2)-1)", {"a": 1.0, "c": 1.0}, "YYYYYYYYNYN", OWN),
    ("abs(a-2)/a*(((r/c)^2/abs(a-2)+1)^(a/2)-1)", {"a": -2.0, "c": 1.0}, "YYYYYNYYYYN", OWN),
    ("abs(a-2)/a*(((r/c)^2/abs(a-2)+1)^(a/2)-1)", {"a": 1.5, "c": 1.0}, "YYYYYYYYNNN", OWN),
    ("where(r>=0,(1-tau)*r,-tau*r)", {"tau": 0.8}, "YYYNYYYNNYY", "the τ-quantile"),
    ("max(tau*(y-s),(tau-1)*(y-s))", {"tau": 0.3}, "YYYNYYYNNYY", "the τ-quantile"),
    ("(y-s)*(tau-(y<s))", {"tau": 0.3}, "YYYNYYYNNYY", "the τ-quantile"),
    ("abs(r)/2+(tau-0.5)*(y-s)", {"tau": 0.25}, "YYYNYYYNNYY", "the τ-quantile"),
    ("-tau*r+r*(r>0)", {"tau": 0.6}, "YYYNYYYNNYY", "the τ-quantile"),
    ("max(0.9*r,-0.1*r)", {}, "YYYNYYYNNYY", "the 10 % quantile"),
    ("-tau*r+a*softplus(r/a)", {"tau": 0.9, "a": 0.1}, "YYNNNYYYNYN", OWN),
    ("where(abs(r)<=d,r^2/2,d*(abs(r)-d/2))", {"d": 1.345}, "YYYYYYYYNYN", OWN),
    ("where(abs(r)<d,0.5*r^2,d*abs(r)-0.5*d^2)", {"d": 2.0}, "YYYYYYYYNYN", OWN),
    ("d^2*(sqrt(1+(r/d)^2)-1)", {"d": 1.0}, "YYYYYYYYNYN", OWN),
    ("min(abs(r),d)*(abs(r)-min(abs(r),d)/2)", {"d": 1.0}, "YYYYYYYYNYN", OWN),
    ("where(abs(r)<=c,c^2/6*(1-(1-(r/c)^2)^3),c^2/6)", {"c": 4.685}, "YYYYYNYYYYN", OWN),
    ("1-max(0,1-(r/c)^2)^3", {"c": 3.0}, "YYYYYNYYYYN", OWN),
    ("max(0,abs(r)-eps)", {"eps": 0.1}, "YYYYYYYNNYN", OWN),
    ("where(abs(r)<=eps,0,abs(r)-eps)", {"eps": 0.3}, "YYYYYYYNNYN", OWN),
    ("max(0,abs(r)-eps)^2", {"eps": 0.3}, "YYYYYYYYNNN", OWN),
    ("where(r>0,4*r^2,r^2)", {}, "YYYNYYYYNNY", "the 20 % expectile"),
    ("(1+3*(r<0))*r^2", {}, "YYYNYYYYNNY", "the 80 % expectile"),
    ("abs(tau-(r>0))*r^2", {"tau": 0.9}, "YYYNYYYYNNY", "the τ-expectile"),
    ("where(s<y,tau,1-tau)*(y-s)^2", {"tau": 0.1}, "YYYNYYYYNNY", "the τ-expectile"),
    ("b*(exp(a*r)-a*r-1)", {"a": 0.5, "b": 2.0}, "YYYNYYYYNNN", OWN),
    ("exp(-r)+r-1", {}, "YYYNYYYYNNN", OWN),
    ("expm1(r)-r", {}, "YYYNYYYYNNN", OWN),
    ("where(r<0,-2*r,r^2)", {}, "YYYNYYYNNNN", OWN),
    (
        "abs(tau-(r>0))*where(abs(r)<=k,r^2/(2*k),abs(r)-k/2)",
        {"tau": 0.8, "k": 1.0},
        "YYYNYYYYNYN",
        OWN,
    ),
    ("where(abs(r)<c,abs(r),r^2)", {"c": 2.0}, "YYYYYNNNNNN", OWN),
    ("where(abs(r)<c,r^2,abs(r))", {"c": 2.0}, "YYYYNNNYNYN", OWN),
    ("where(abs(r)<=c,abs(r),(r^2+c^2)/(2*c))", {"c": 1.0}, "YYYYYYYNNNN", OWN),
    ("r^4", {}, "YYYYYYYYNNY", OWN),
    ("abs(r)^3", {}, "YYYYYYYYNNY", OWN),
    ("abs(r)^1.5", {}, "YYYYYYYYNNY", OWN),
    ("abs(r)^0.5", {}, "YYYYYNYNNNY", OWN),
    ("log(1+abs(r))", {}, "YYYYYNYNNYN", OWN),
    ("min(r^2,c^2)", {"c": 1.0}, "YYYYYNYNYYN", OWN),
    ("min(abs(r),1)", {}, "YYYYYNYNYYN", OWN),
    ("where(abs(r)<1,r^2,1)", {}, "YYYYYNYNYYN", OWN),
    ("abs(r)>0.5", {}, "YYYYYNNYYY?", "no one number: many cost the same"),
    ("tanh(r)^2", {}, "YYYYYNYYYYN", OWN),
    ("arctan(r^2)", {}, "YYYYYNYYYYN", OWN),
    ("abs(arctan(r))", {}, "YYYYYNYNYYN", OWN),
    ("abs(tanh(r))", {}, "YYYYYNYNYYN", OWN),
    ("r*tanh(r)", {}, "YYYYYNYYNYN", OWN),
    ("r*arctan(r)", {}, "YYYYYYYYNYN", OWN),
    ("r*(2*sigmoid(r)-1)", {}, "YYYYYNYYNYN", OWN),
    ("r^2*log(1+r^2)", {}, "YYYYYYYYNNN", OWN),
    ("r^2/sqrt(1+r^2)", {}, "YYYYYNYYNYN", OWN),
    ("r^3", {}, "YNYNNNYYNN?", ENDLESS),
    ("r", {}, "YNYNNYYYNY?", ENDLESS),
    ("-r^2", {}, "YNYYNNYYNN?", ENDLESS),
    ("-abs(r)", {}, "YNYYNNYNNY?", ENDLESS),
    ("0.3*abs(r)+0.7*r^2", {}, "YYYYYYYNNNN", OWN),
    ("r^2+lam*abs(r)", {"lam": 0.5}, "YYYYYYYNNNN", OWN),
    ("cosh(r)-1", {}, "YYYYYYYYNNN", OWN),
    ("sinh(r)^2", {}, "YYYYYYYYNN?", OWN),
    ("exp(r^2)-1", {}, "NYYYYYYYNN?", OWN),
    ("1/r", {}, "NNNNNNNYNN?", ENDLESS),
    ("log(abs(r))", {}, "NNNYYNYNNN?", ENDLESS),
    ("where(r<-1,-r-0.5,where(r<1,r^2/2,r-0.5))", {}, "YYYYYYYYNYN", OWN),
    ("where(-1<r<1,r^2/2,abs(r)-1/2)", {}, "YYYYYYYYNYN", OWN),
    ("where(r>-1 and r<1,r^2/2,abs(r)-1/2)", {}, "YYYYYYYYNYN", OWN),
    ("where(r<=-1 or r>=1,abs(r)-1/2,r^2/2)", {}, "YYYYYYYYNYN", OWN),
    ("where(not abs(r)>=1,r^2/2,abs(r)-1/2)", {}, "YYYYYYYYNYN", OWN),
    ("max(0,1-abs(r))", {}, "YYNYNNYNYY?", AWAY),
    ("min(max(r,-1),1)^2", {}, "YYYYYNYNYYN", OWN),
    ("(r>0)*r^2+(r<=0)*abs(r)", {}, "YYYNYYYNNNN", OWN),
    ("r^2*(r>0)", {}, "YYYNYYYYNN?", "no one number: many cost the same"),
    ("max(r,0)", {}, "YYYNYYYNNY?", "no one number: many cost the same"),
    ("where(abs(r-7.3)<1e-6,5,r^2)", {}, "YYYNNNNYNNN", MEAN),
    ("where((r-1.23456)^2<1e-10,5,r^2)", {}, "YYYNNNNYNNY", MEAN),
    ("abs(r-1)", {}, "YYNNNYYNNYN", OWN),
    ("(r-0.5)^2", {}, "YYNNNYYYNNN", OWN),
    ("1e-14*log(1+r^2)", {}, "YYYYYNYYNYN", OWN),
    ("1e-14*r^2", {}, "YYYYYYYYNNY", MEAN),
    ("1e12*abs(r)", {}, "YYYYYYYNNYY", MEDIAN),
    ("1e-13*abs(r)", {}, "YYYYYYYNNYY", MEDIAN),
    ("-1e-13*r^2", {}, "YNYYNNYYNN?", ENDLESS),
    ("c^2*(1-exp(-abs(r)/c))", {"c": 1.0}, "YYYYYNYNYYN", OWN),
    ("max(abs(r),r^2)", {}, "YYYYYYYNNNN", OWN),
    ("min(abs(r),r^2)", {}, "YYYYYNYNNYN", OWN),
    ("abs(abs(r)-1)", {}, "YYNYNNYNNYN", OWN),
    ("abs(r^2-1)", {}, "YYNYNNYNNNN", OWN),
    ("r^2*(1+0.5*r^2)", {}, "YYYYYYYYNNN", OWN),
    ("where(abs(r)<0.5,0,where(abs(r)<2,abs(r)-0.5,1.5))", {}, "YYYYYNYNYYN", OWN),
    ("softplus(r)+softplus(-r)", {}, "YYNYYYYYNYN", OWN),
    ("log(1+exp(r))+log(1+exp(-r))-2*log(2)", {}, "YYYYYYYYNYN", OWN),
    ("log(2+exp(r)+exp(-r))", {}, "YYNYYYYYNYN", OWN),
    ("(abs(r)+1)*log(abs(r)+1)-abs(r)", {}, "YYYYYYYYNNN", OWN),
    ("r^2/(abs(r)+1)", {}, "YYYYYYYYNYN", OWN),
    ("sign(r)*r", {}, "YYYYYYYNNYY", MEDIAN),
    ("5+0*r", {}, "YYNYYYYYYY?", "nothing: every error costs the same"),
    ("pi*r^2/e", {}, "YYYYYYYYNNY", MEAN),
    ("where(abs(r)<1,(1-(1-r^2)^3)/6,1/6)", {}, "YYYYYNYYYYN", OWN),
    ("where(abs(r)<1,1-(1-abs(r)^3)^3,1)", {}, "YYYYYNYYYYN", OWN),
    ("1-sigmoid(r)*sigmoid(-r)*4", {}, "YYYYYNYYYYN", OWN),
    ("(r^2)^(p1/2)", {"p1": 1.2}, "YYYYYYYYNNY", OWN),
    ("max(0,1-m)", {}, "YYYYYNNYY", CLASS),
    ("(1-m)*(m<1)", {}, "YYYYYNNYY", CLASS),
    ("where(m<1,1-m,0)", {}, "YYYYYNNYY", CLASS),
    ("max(0,1-m)^2", {}, "YYYYYYNNY", "the mean of the labels −1 and +1"),
    ("(1-m)^2", {}, "YYNYYYNNY", "the mean of the labels −1 and +1"),
    ("min(1,max(0,1-m))", {}, "YYYNYNYYY", CLASS),
    ("max(0,1-m)-max(0,-m)", {}, "YYYNYNYYY", CLASS),
    ("min(2,max(0,1-m))/2", {}, "YYYNYNYYY", CLASS),
    ("sigmoid(-m)", {}, "YYYNYYYYY", CLASS),
    ("1/(1+exp(k*m))", {"k": 3.0}, "YYYNYYYYY", CLASS),
    ("1/(1+exp(2*m))^2", {}, "YYYNYYYYY", "half of the log-odds"),
    ("1/(1+exp(m))^2", {}, "YYYNYYYYY", "the log-odds"),
    ("(2*arctan(m)-1)^2", {}, "YYNNYYYYY", "the tangent of the probability less ½"),
    ("exp(-m)", {}, "YYYYYYNNY", "half of the log-odds"),
    ("exp(-2*m)", {}, "YYYYYYNNY", SCORE),
    ("log(1+exp(-m))", {}, "YYYYYYNYY", "the log-odds"),
    ("log(1+exp(-m))/log(2)", {}, "YYYYYYNYY", "the log-odds"),
    ("softplus(-m)", {}, "YYYYYYNYY", "the log-odds"),
    ("-log(sigmoid(m))", {}, "YYYYYYNYY", "the log-odds"),
    ("log1p(exp(-2*m))", {}, "YYYYYYNYY", "half of the log-odds"),
    ("log(exp(m/2)+exp(-m/2))-m/2", {}, "YYYYYYNYY", "the log-odds"),
    ("m<=0", {}, "YYYNNYYYY", CLASS),
    ("m<0", {}, "YYYNNYYYN", "nothing: a score of 0 costs the least"),
    ("(1-sign(m))/2", {}, "YYYNNYYYY", CLASS),
    ("max(0,-m)", {}, "YYYYYNNYN", "nothing: a score of 0 costs the least"),
    ("-m", {}, "YNYYYYNYY", ENDLESS),
    ("1-m", {}, "YNYYYYNYY", ENDLESS),
    ("1-tanh(m)", {}, "YYYNYYYYY", CLASS),
    ("-m+abs(m)", {}, "YYYYYNNYN", "nothing: a score of 0 costs the least"),
    ("max(0,1+m)", {}, "YYNYYNNYN", SCORE),
    ("abs(1-m)", {}, "YYNYYNNYY", CLASS),
    (
        "where(m>=1,0,where(m>0,(1-m)^2/2,1/2-m))",
        {},
        "YYYYYYNYY",
        "one less the odds of the rarer class, on the side of the other",
    ),
    (
        "where(m>1,0,where(m<1-g,1-g/2-m,(1-m)^2/(2*g)))",
        {"g": 2.0},
        "YYYYYYNYY",
        "the mean of the labels −1 and +1",
    ),
    ("where(m<-1,-4*m,max(0,1-m)^2)", {}, "YYYYYYNYY", "the mean of the labels −1 and +1"),
    ("where(m<=0.5,1-m,1/(4*m))", {}, "YYYYYYNYY", SCORE),
    ("max(0,-log(sigmoid(m)))", {}, "YYYYYYNYY", "the log-odds"),
    ("max(0,1-m)^3", {}, "YYYYYYNNY", SCORE),
    ("(1-m)^4*(m<1)", {}, "YYYYYYNNY", SCORE),
    ("sqrt(1+m^2)-m", {}, "YYYYYYNYY", SCORE),
    ("log(1+exp(1-m))", {}, "YYYYYYNYY", SCORE),
    ("softplus(k*(1-m))/k", {"k": 5.0}, "YYYYYYNYY", SCORE),
    ("(1-sigmoid(m))^2", {}, "YYYNYYYYY", "the log-odds"),
    ("-(1-sigmoid(m))^g*log(sigmoid(m))", {"g": 2.0}, "YYYNYYNYY", SCORE),
    ("exp(m)", {}, "YYNYYYNNN", SCORE),
    ("-y*log(p)-(1-y)*log(1-p)", {}, "YYYYYYNYYY", CHANCE),
    ("where(y==1,-log(p),-log(1-p))", {}, "YYYYYYNYYY", CHANCE),
    ("where(y>0.5,-log(p),-log1p(-p))", {}, "YYYYYYNYYY", CHANCE),
    ("softplus(z)-y*z", {}, "YYYYYYNYYY", CHANCE),
    ("log(1+exp(z))-y*z", {}, "YYYYYYNYYY", CHANCE),
    ("log(1+exp((1-2*y)*z))", {}, "YYYYYYNYYY", CHANCE),
    ("max(z,0)-z*y+log1p(exp(-abs(z)))", {}, "YYYYYYNYYY", CHANCE),
    ("-log(y*p+(1-y)*(1-p))", {}, "YYYYYYNYYY", CHANCE),
    ("-log(p)*y-log(1-p)*(1-y)", {}, "YYYYYYNYYY", CHANCE),
    ("-(y*log(p)+(1-y)*log(1-p))/log(2)", {}, "YYYYYYNYYY", CHANCE),
    ("-w*y*log(p)-(1-y)*log(1-p)", {"w": 3.0}, "YYYYYYNYNN", "a probability moved to one side"),
    (
        "-y*(1-p)^2*log(p)-(1-y)*p^2*log(1-p)",
        {},
        "YYYNYYNYNY",
        "a probability drawn towards one half",
    ),
    (
        "-(1-abs(y-p))^0*abs(y-p)^g*log(1-abs(y-p))",
        {"g": 2.0},
        "YYYNYYNYNY",
        "a probability drawn towards one half",
    ),
    (
        "-(y*(1-a)+a/2)*log(p)-((1-y)*(1-a)+a/2)*log(1-p)",
        {"a": 0.1},
        "YYNYYYNYNY",
        "a probability drawn towards one half",
    ),
    ("(p-y)^2", {}, "YYYNYYYYYY", CHANCE),
    ("(y-p)^2/2", {}, "YYYNYYYYYY", CHANCE),
    ("y*(1-p)^2+(1-y)*p^2", {}, "YYYNYYYYYY", CHANCE),
    ("abs(y-p)", {}, "YYYNYYYYNY", CLASS),
    ("1-(y*p+(1-y)*(1-p))/sqrt(p^2+(1-p)^2)", {}, "YYYNYYYYYY", CHANCE),
    ("-(y*p+(1-y)*(1-p))/sqrt(p^2+(1-p)^2)", {}, "YNYNYYYYYY", CHANCE),
    ("y*sqrt((1-p)/p)+(1-y)*sqrt(p/(1-p))", {}, "YYYYYYNNYY", CHANCE),
    ("exp((1/2-y)*z)", {}, "YYYYYYNNYY", CHANCE),
    ("exp((1-2*y)*z)", {}, "YYYYYYNNNY", "a probability drawn towards one half"),
    ("1-2*y*p/(y+p)", {}, "YYYNYYYYNN", SCORE),
    ("1-(y*p)/(y*p+0.3*(1-y)*p+0.7*y*(1-p))", {}, "YYYNYYYYNN", SCORE),
    ("(y!=(p>0.5))", {}, "YYYNNYYYNY", CLASS),
    ("abs(y-(p>0.5))", {}, "YYYNNYYYNY", CLASS),
    ("max(0,1-(2*y-1)*z)", {}, "YYYYYNNYNY", CLASS),
    ("(y-p)^4", {}, "YYYNYYYYNY", "a probability drawn towards one half"),
    ("p^2+(1-p)^2-2*(y*p+(1-y)*(1-p))", {}, "YNYNYYYYYY", CHANCE),
    ("where(y==1,softplus(-z),max(0,1+z))", {}, "YYYYYNNYNN", "a probability moved to one side"),
    ("y*(1-p)+(1-y)*p", {}, "YYYNYYYYNY", CLASS),
    ("-y*p-(1-y)*(1-p)", {}, "YNYNYYYYNY", CLASS),
    ("(1-(y*p+(1-y)*(1-p))^q)/q", {"q": 0.7}, "YYYNYYYYNY", "a probability driven towards 0 and 1"),
    (
        "-y*log(p)-(1-y)*log(1-p)-b*(p*log(1/p)+(1-p)*log(1/(1-p)))",
        {"b": 0.1},
        "YNNNYYNYNY",
        "a probability drawn towards one half",
    ),
    ("min(-log(0.01),-y*log(p)-(1-y)*log(1-p))", {}, "YYYNYNYYYY", CHANCE),
    ("max(p,1e-7)*0-y*log(max(p,1e-7))-(1-y)*log(max(1-p,1e-7))", {}, "YYYNYNYYYY", CHANCE),
    ("log(1+exp(-z))+(1-y)*z", {}, "YYYYYYNYYY", CHANCE),
    ("abs((y-s)/y)", {}, "YYYYYYNNY", OWN),
    ("100*abs(s-y)/abs(y)", {}, "YYYYYYNNY", OWN),
    ("abs(s-y)/(abs(s)+abs(y))", {}, "YYYYNYNYY", OWN),
    ("2*abs(s-y)/(abs(s)+abs(y))", {}, "YYYYNYNYY", OWN),
    ("(log1p(s)-log1p(y))^2", {}, "YYYYNYYNN", OWN),
    ("(log(s)-log(y))^2", {}, "YYYYNYYNN", OWN),
    ("log(s/y)^2", {}, "YYYYNYYNN", OWN),
    ("abs(log(s/y))", {}, "YYYYNYNNN", MEDIAN),
    ("s-y*log(s)", {}, "YNNYYYYNN", MEAN),
    ("s-y+y*log(y/s)", {}, "YYYYYYYNN", MEAN),
    ("2*(y*log(y/s)-(y-s))", {}, "YYYYYYYNN", MEAN),
    ("y/s+log(s)", {}, "YNNYNYYNN", MEAN),
    ("y/s-log(y/s)-1", {}, "YYYYNYYNN", MEAN),
    ("2*((y-s)/s-log(y/s))", {}, "YYYYNYYNN", MEAN),
    ("(s-y)^2/(s^2*y)", {}, "NYYNNYNNN", MEAN),
    ("y^(2-k)/((1-k)*(2-k))-y*s^(1-k)/(1-k)+s^(2-k)/(2-k)", {"k": 1.5}, "YYYYNYYNN", MEAN),
    ("-y*s^(1-k)/(1-k)+s^(2-k)/(2-k)", {"k": 1.2}, "YYNYNYYNN", MEAN),
    ("(s-y)^2/y", {}, "YYYYYYYNN", OWN),
    ("(s-y)^2/s", {}, "NNYNNNNNN", ENDLESS),
    ("(sqrt(s)-sqrt(y))^2", {}, "YYYYYYYNN", OWN),
    ("(s/y-1)^2", {}, "YYYYYYYNN", OWN),
    ("(r/y)^2", {}, "YYYYYYYNN", OWN),
    ("y*r^2", {}, "YYYYYYYNN", OWN),
    ("mu-y*log(mu)", {}, "YNNYYYYNN", MEAN),
    ("mu-y+y*log(y/mu)", {}, "YYYYYYYNN", MEAN),
    ("y/mu+log(mu)", {}, "YNNYYYYNN", MEAN),
    ("2*(y*log(y/mu)-y+mu)", {}, "YYYYYYYNN", MEAN),
    ("y^(2-k)/((1-k)*(2-k))-y*mu^(1-k)/(1-k)+mu^(2-k)/(2-k)", {"k": 1.5}, "YYYYYYYNN", MEAN),
    ("(y-mu)^2/mu", {}, "YYYYYYYNN", OWN),
    ("(y-mu)^2", {}, "YYYYNYYNN", MEAN),
    ("abs(y-mu)", {}, "YYYYNYNNN", MEDIAN),
    ("(log(y)-log(mu))^2", {}, "YYYYYYYNN", OWN),
    ("s^2/2-s*y", {}, "YNNYYYYNN", MEAN),
]


@pytest.mark.parametrize(("text", "own", "verdicts", "asks"), KNOWN, ids=[one[0] for one in KNOWN])
def test_report_on_a_known_loss_in_this_spelling(text, own, verdicts, asks):
    loss = Formula(text, **own)
    found = {one.slug: SIGNS[one.verdict] for one in lint(loss)}
    expected = dict(zip(QUESTIONS[loss.family], verdicts, strict=True))
    assert {slug: found[slug] for slug in expected} == expected
    assert loss.asks() == asks


def report(text, **own):
    return {one.slug: one for one in lint(Formula(text, **own))}


@pytest.mark.parametrize("unit", ["1e-14", "1e-9", "1e9"])
def test_a_report_does_not_depend_on_the_unit_of_the_loss(unit):
    """In a small unit every fall and step is small, and none of them is rounding."""
    for text in ("log(1 + r^2)", "abs(r)", "-r^2", "where(abs(r) < 2, abs(r), r^2)", "r^2 + 1"):
        ours, known = report(f"{unit}*({text})"), report(text)
        assert {s: f.verdict for s, f in ours.items()} == {s: f.verdict for s, f in known.items()}


def test_a_dent_between_the_steps_of_a_grid_is_found_where_a_square_touches():
    found = report("where((r - 1.23456)^2 < 1e-10, 5, r^2)")
    assert found["jumps"].witness == pytest.approx((1.23455, 1.23457), abs=1e-9)
    mirrored = report("where(abs(r + 7.3) < 1e-6, 5, r^2)")
    assert mirrored["symmetric"].verdict == "no"


@pytest.mark.parametrize(
    "text", ["where(r + 5 > 5, 1, 0)", "where(2*r + 1 > 1, 1, 0)", "1*(exp(r) > 1)", "r > 0"]
)
def test_a_jump_hidden_by_rounding_is_told(text):
    """Of r + 5 > 5 nothing is seen at the neighbors of 0: the sum rounds to 5."""
    found = report(text)
    assert found["jumps"].witness == (0.0,)
    assert found["convex"].verdict == "no"


@pytest.mark.parametrize("text", ["sign(r)*abs(r)^(1/9)", "r*1e6", "sign(r)*sqrt(abs(r))"])
def test_a_steep_curve_is_no_jump(text):
    assert report(text)["jumps"].verdict == "yes"


def test_corners_are_told_of_both_classes():
    found = report("where(y == 1, softplus(-z), max(0, 1 + z))")
    assert found["corners"].witness == (-1.0,)


@pytest.mark.parametrize(
    "text",
    ["(y - s)*(tau - (y < s))", "where(s >= y, 1 - tau, tau)*abs(y - s)", "max(-tau*r, (1 - tau)*r)",
     "where(s > y + 0.5 - 1/2, (1 - tau)*r, -tau*r)", "(tau - (s > y))*(-s + y)"],
)  # fmt: skip
def test_a_comparison_of_prediction_and_true_value_is_one_of_the_residual(text):
    loss = Formula(text, tau=0.3)
    assert loss.family == "residual"
    assert "30 % quantile" in report(text, tau=0.3)["asks"].sentence


def test_where_a_loss_is_defined_is_found():
    assert Formula("(log(s) - log(y))^2").lowest == 0.0
    assert Formula("(log1p(s) - log1p(y))^2").lowest == -1.0
    assert Formula("sqrt(s - 0.3) + y*0").lowest == 0.3
    assert Formula("abs(s - y)/y").lowest == -float("inf")
